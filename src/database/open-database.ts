import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions, type Entities, type Role } from './data-source-options.js';
import { faultKindOf } from './database-fault.js';
import { placeOf } from './database-place.js';

/** The database can't be used. One line for the operator; the process ends. */
export class DatabaseUnusable extends Error {}

/** Advisory lock of PostgreSQL that lets one process migrate at a time; any number unlike other locks of the service. */
export const MIGRATION_LOCK = 4_937_001;

/** Between two attempts to switch an SQLite file to its write-ahead log. */
const SWITCH_PAUSE_MS = 10;

/**
 * Opens the writing side and brings the schema up to date. `isNew` says that this call made the SQLite file.
 * Throws DatabaseUnusable.
 */
export async function openWriter(
  database: DatabaseConfig,
  entities: Entities,
): Promise<{ writer: DataSource; isNew: boolean }> {
  const isNew = database.engine === 'sqlite' && !existsSync(database.path);
  const migrator = await opened('migrator', database, entities, async (one) => {
    if (database.engine === 'sqlite') await switchToWal(one, database.timeoutMs);
    await migrate(one, database);
  });
  await migrator.destroy();
  const writer = await opened('writer', database, entities, async (one) => {
    if (database.engine === 'sqlite') await checkDurability(one);
  });
  return { writer, isNew };
}

/** Opens the reading side, which can't write. Throws DatabaseUnusable. */
export async function openReader(database: DatabaseConfig, entities: Entities): Promise<DataSource> {
  return opened('reader', database, entities, async (reader) => {
    if (database.engine === 'sqlite') await reader.query('PRAGMA query_only = ON');
  });
}

async function opened(
  role: Role,
  database: DatabaseConfig,
  entities: Entities,
  prepare: (source: DataSource) => Promise<void>,
): Promise<DataSource> {
  const source = new DataSource(dataSourceOptions(database, role, entities));
  try {
    await source.initialize();
    await prepare(source);
    return source;
  } catch (error) {
    if (source.isInitialized) await source.destroy();
    throw unusable(database, error);
  }
}

// Of two processes that switch a new file at once SQLite refuses one without letting it wait, since each holds a lock that
// the other needs (c3ref/busy_handler.html). Hence the further attempts, and not TypeORM's enableWAL.
async function switchToWal(migrator: DataSource, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await migrator.query('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (faultKindOf(error) !== 'unavailable' || Date.now() > deadline) throw error;
      await setTimeout(SWITCH_PAUSE_MS);
    }
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

async function migrate(migrator: DataSource, { engine }: DatabaseConfig): Promise<void> {
  const runner = migrator.createQueryRunner();
  try {
    if (engine === 'postgres') {
      await runner.startTransaction();
      await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await migrator.runMigrations({ transaction: 'all' });
      await runner.commitTransaction();
    } else {
      // There is one connection, so the migrations run inside this transaction. TypeORM's own would be a deferred
      // one, in which two processes that start together on a new file fail each other.
      await runner.query('BEGIN IMMEDIATE');
      await migrator.runMigrations({ transaction: 'none' });
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
