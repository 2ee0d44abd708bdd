import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions } from './data-source-options.js';
import { isLocked } from './database-fault.js';
import { placeOf } from './database-place.js';
import { SqliteConnection } from './sqlite-connection.js';

/** The database can't be used. One line for the operator; the process ends. */
export class DatabaseUnusable extends Error {}

/** Advisory lock of PostgreSQL that lets one process migrate at a time; any number unlike other locks of the service. */
export const MIGRATION_LOCK = 4_937_001;

/** Between two attempts to get a lock of an SQLite file. */
const LOCK_PAUSE_MS = 10;

/** How long a start waits for that of another process on the same SQLite file. */
const LOCK_WAIT_MS = 60_000;

/**
 * Brings the schema up to date and connects both sides, of which the reader can't write. Returns whether it made the SQLite
 * file. Throws DatabaseUnusable, also if it is told to stop; then nothing is left open.
 */
export async function openDatabase(
  database: DatabaseConfig,
  writer: DataSource,
  reader: DataSource,
  stopping: AbortSignal,
): Promise<boolean> {
  const isNew = database.engine === 'sqlite' && !existsSync(database.path);
  const migrator = new DataSource(dataSourceOptions(database, 'migrator', []));
  try {
    await prepared(migrator, database, stopping);
    await writer.initialize();
    if (database.engine === 'sqlite') await checkDurability(writer);
    // The file and its tables must be there before the reader looks.
    await reader.initialize();
    if (database.engine === 'sqlite') await reader.query('PRAGMA query_only = ON');
    return isNew;
  } catch (error) {
    for (const source of [migrator, writer, reader]) if (source.isInitialized) await source.destroy();
    throw unusable(database, error);
  }
}

async function prepared(migrator: DataSource, database: DatabaseConfig, stopping: AbortSignal): Promise<void> {
  await migrator.initialize();
  if (database.engine === 'sqlite') await prepareFile(migrator, stopping);
  else await prepareServer(migrator);
  await migrator.destroy();
}

async function prepareServer(migrator: DataSource): Promise<void> {
  const runner = migrator.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await migrator.runMigrations({ transaction: 'all' });
    await runner.commitTransaction();
  } finally {
    await runner.release();
  }
}

async function prepareFile(migrator: DataSource, stopping: AbortSignal): Promise<void> {
  const connection = new SqliteConnection(migrator);
  const deadline = Date.now() + LOCK_WAIT_MS;
  const waiting = (sql: string) => waitingForLock(() => connection.exec(sql), deadline, stopping);
  // A process does not end before the statements that run in its threads.
  const interrupt = () => connection.interrupt();
  stopping.addEventListener('abort', interrupt);
  // Of two processes that switch a new file at once SQLite refuses one without letting it wait, since each holds a lock that
  // the other needs (c3ref/busy_handler.html). Hence not TypeORM's enableWAL.
  await waiting('PRAGMA journal_mode = WAL');
  // There is one connection, so the migrations run inside this transaction. TypeORM's own would be a deferred one, in which
  // two processes that start together on a new file fail each other.
  await waiting('BEGIN IMMEDIATE');
  await migrator.runMigrations({ transaction: 'none' });
  await connection.exec('COMMIT');
  stopping.removeEventListener('abort', interrupt);
}

async function waitingForLock(work: () => Promise<void>, deadline: number, stopping: AbortSignal): Promise<void> {
  for (;;) {
    stopping.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      if (!isLocked(error) || Date.now() > deadline) throw error;
      await setTimeout(LOCK_PAUSE_MS);
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

function unusable(database: DatabaseConfig, error: unknown): DatabaseUnusable {
  const cause = (error instanceof AggregateError ? error.errors[0] : error) as Error;
  const reason = cause.message.replaceAll(/\s+/g, ' ');
  return new DatabaseUnusable(`The database ${placeOf(database)} can't be used: ${reason}`, { cause: error });
}
