import { existsSync } from 'node:fs';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions, type Entities } from './data-source-options.js';
import { placeOf } from './database-place.js';

/** The database can't be used. One line for the operator; the process ends. */
export class DatabaseUnusable extends Error {}

/** Advisory lock of PostgreSQL that lets one process migrate at a time; any number unlike other locks of the service. */
const MIGRATION_LOCK = 4_937_001;

/**
 * Opens the writing side and brings the schema up to date. `isNew` says that this call made the SQLite file.
 * Throws DatabaseUnusable.
 */
export async function openWriter(
  database: DatabaseConfig,
  entities: Entities,
): Promise<{ writer: DataSource; isNew: boolean }> {
  const isNew = database.engine === 'sqlite' && !existsSync(database.path);
  const writer = new DataSource(dataSourceOptions(database, 'writer', entities));
  try {
    await writer.initialize();
    if (database.engine === 'sqlite') await checkDurability(writer);
    await migrate(writer, database);
    return { writer, isNew };
  } catch (error) {
    if (writer.isInitialized) await writer.destroy();
    throw unusable(database, error);
  }
}

/** Opens the reading side, which can't write. Throws DatabaseUnusable. */
export async function openReader(database: DatabaseConfig, entities: Entities): Promise<DataSource> {
  const reader = new DataSource(dataSourceOptions(database, 'reader', entities));
  try {
    await reader.initialize();
    if (database.engine === 'sqlite') await reader.query('PRAGMA query_only = ON');
    return reader;
  } catch (error) {
    if (reader.isInitialized) await reader.destroy();
    throw unusable(database, error);
  }
}

// An acknowledged change must survive a power cut: with WAL only synchronous=FULL (2) syncs each commit.
async function checkDurability(writer: DataSource): Promise<void> {
  const [{ journal_mode: journal }] = await writer.query('PRAGMA journal_mode');
  const [{ synchronous }] = await writer.query('PRAGMA synchronous');
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Error(`journal_mode is ${journal} and synchronous ${synchronous}, where wal and 2 are needed`);
  }
}

async function migrate(writer: DataSource, { engine }: DatabaseConfig): Promise<void> {
  const runner = writer.createQueryRunner();
  try {
    if (engine === 'postgres') {
      await runner.startTransaction();
      // Another process may need longer for its migrations than a request may wait for a lock.
      await runner.query('SET LOCAL lock_timeout = 0');
      await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await writer.runMigrations({ transaction: 'all' });
      await runner.commitTransaction();
    } else {
      // The writer has one connection, so the migrations run inside this transaction. TypeORM's own would be a deferred
      // one, in which two processes that start together on a new file fail each other.
      await runner.query('BEGIN IMMEDIATE');
      await writer.runMigrations({ transaction: 'none' });
      await runner.query('COMMIT');
    }
  } finally {
    await runner.release();
  }
}

function unusable(database: DatabaseConfig, error: unknown): DatabaseUnusable {
  const cause = (error instanceof AggregateError ? error.errors[0] : error) as Error;
  const reason = cause.message.replaceAll(/\s+/g, ' ');
  return new DatabaseUnusable(`The database ${placeOf(database)} can't be used: ${reason}`, { cause: error });
}
