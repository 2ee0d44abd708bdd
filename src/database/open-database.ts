import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseFault, faultKindOf, isLocked } from './faults/database-fault.js';
import { placeOf } from './database-place.js';
import { makeFolders, removeFolders } from './folders.js';
import { planOf, type Migrated, type Plan } from './migrate.js';
import { closeUnanswered, poolOf } from './postgres/postgres-client.js';
import { isReadOnly, requireSessions, requireUtf8Database } from './postgres/postgres-session.js';
import { SqliteConnection } from './sqlite/sqlite-connection.js';
import { OVERWRITE_DELETED, requireUtf8File, settleReader, settleWriter } from './sqlite/sqlite-settings.js';

/** The database can't be used. Its message is printed as one line, and the process ends. */
export class DatabaseUnusable extends Error {}

/** PostgreSQL's advisory lock that lets one process migrate at a time. No other lock of the service has this number. */
export const MIGRATION_LOCK = 4_937_001;

/** Pause between two attempts to lock an SQLite file. */
const LOCK_PAUSE_MS = 10;

/** How long a start waits for another process on the same database. */
const LOCK_WAIT_MS = 60_000;

/** How often migrations are tried that end in a deadlock with a service that still writes. */
const MAX_TRIES = 3;

const DAMAGED_ADVICE = 'It is damaged, or no database. Keep a copy, then restore a backup or name another database.';

/** The state of an opened database, and what was done to it. */
export interface Opened {
  /** Whether its first tables were created now. */
  isNew: boolean;
  isReadOnly: boolean;
  migrated: Migrated[];
}

/**
 * Migrates the database and connects both sides. The reader can't write. Throws DatabaseUnusable, also if it is stopped. Then
 * no connection stays open, and folders that it created are removed if they are empty.
 */
export async function openDatabase(
  database: DatabaseConfig,
  writer: DataSource,
  reader: DataSource,
  stopping: AbortSignal,
): Promise<Opened> {
  const isFile = database.engine === 'sqlite';
  const migrator = new DataSource(dataSourceOptions(database, 'migrator', []));
  let made: string[] = [];
  try {
    if (isFile) {
      made = await makeFolders(dirname(database.path));
      await requireWritable(database.path);
    }
    await migrator.initialize();
    const opened = await (isFile ? prepareFile(migrator, stopping) : prepareServer(migrator));
    await migrator.destroy();
    await writer.initialize();
    if (isFile) await settleWriter(writer);
    // The file and its tables must be there before the reader looks.
    await reader.initialize();
    if (isFile) await settleReader(reader);
    else for (const source of [writer, reader]) closeUnanswered(source);
    return opened;
  } catch (error) {
    for (const source of [migrator, writer, reader]) if (source.isInitialized) await source.destroy();
    await removeFolders(made);
    throw unusable(database, error);
  }
}

// SQLite would open the file read-only and leave a log that stays unwritable, even after the file becomes writable.
async function requireWritable(path: string): Promise<void> {
  await access(path, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Puts an error into one line. */
export function unusable(database: DatabaseConfig, error: unknown): DatabaseUnusable {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const cause = (first instanceof DatabaseFault ? first.cause : first) as Error;
  const reason = cause.message.replaceAll(/\s+/g, ' ');
  const advice = faultKindOf(cause) === 'damaged' ? `. ${DAMAGED_ADVICE}` : '';
  return new DatabaseUnusable(`The database ${placeOf(database)} can't be used: ${reason}${advice}`, { cause: error });
}

/** Repeats `work` until the lock that it needs is free. */
export async function waitingForLock(work: () => Promise<void>, stopping: AbortSignal): Promise<void> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    stopping.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      const cause = error instanceof DatabaseFault ? error.cause : error;
      if (!isLocked(cause) || performance.now() > deadline) throw error;
      await setTimeout(LOCK_PAUSE_MS);
    }
  }
}

async function prepareServer(migrator: DataSource, tries = 1): Promise<Opened> {
  await requireSessions(poolOf(migrator));
  const runner = migrator.createQueryRunner();
  try {
    await requireUtf8Database(runner);
    const readOnly = await isReadOnly(runner);
    await runner.startTransaction();
    await runner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const plan = await planOf(migrator, runner);
    if (readOnly && !plan.isUpToDate) throw new Error('it is read-only now, and its schema is out of date');
    // Every write reads this table. So it waits for this lock, and then sees the new migrations.
    if (!plan.isNew && !plan.isUpToDate) await runner.query('LOCK TABLE migrations IN ACCESS EXCLUSIVE MODE');
    const migrated = await plan.carryOut();
    await runner.commitTransaction();
    return { isNew: false, isReadOnly: readOnly, migrated };
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    if (faultKindOf(error) !== 'rolled-back' || tries === MAX_TRIES) throw error;
  } finally {
    await runner.release();
  }
  return prepareServer(migrator, tries + 1);
}

async function prepareFile(migrator: DataSource, stopping: AbortSignal): Promise<Opened> {
  const connection = new SqliteConnection(migrator);
  const waiting = (sql: string) => waitingForLock(() => connection.exec(sql), stopping);
  // The process can't end while a statement runs in one of its threads.
  const interrupt = () => connection.interrupt();
  stopping.addEventListener('abort', interrupt);
  try {
    await requireUtf8File(migrator);
    await connection.exec(OVERWRITE_DELETED);
    // If two processes switch a new file at the same time, each holds a lock that the other needs, and SQLite refuses one
    // without waiting (c3ref/busy_handler.html). So TypeORM's enableWAL is not used.
    await waiting('PRAGMA journal_mode = WAL');
    // There is one connection, so the migrations run inside this transaction. TypeORM's own is deferred: two processes that
    // start together on a new file would make each other fail.
    await waiting('BEGIN IMMEDIATE');
    const runner = migrator.createQueryRunner();
    const plan: Plan = await planOf(migrator, runner);
    const migrated = await plan.carryOut();
    await connection.exec('COMMIT');
    return { isNew: plan.isNew, isReadOnly: false, migrated };
  } finally {
    stopping.removeEventListener('abort', interrupt);
  }
}
