import { access, constants, open, type FileHandle } from 'node:fs/promises';
import type { Database } from 'sqlite3';
import { DataSource } from 'typeorm';
import { Refused } from '../../command-line/run-command.js';
import type { DatabaseConfig } from '../../config/config.js';
import { dataSourceOptions } from '../../database/data-source-options.js';
import { settleReader } from '../../database/sqlite/sqlite-settings.js';
import { discard, finish, requireAbsent, unfinishedName } from '../file/new-file.js';
import { requireOurSchema } from './schema-of.js';

/** How many pages of 4 KiB are copied at once. */
const PAGES_AT_ONCE = 128;

/** What sqlite3 has of SQLite's online backup (sqlite.org/c3ref/backup_finish.html). Its types leave it out. */
interface OnlineBackup {
  readonly completed: boolean;
  step(pages: number, done: (error: Error | null) => void): void;
  finish(done: (error: Error | null) => void): void;
}

/**
 * Copies an SQLite file as it is now, page by page, while others write, and checks the copy. Nothing is at the path until it is whole. `pause` is
 * waited for behind each step; it gets how long the step took. Throws Refused if something is at the path already. Returns the bytes.
 */
export async function copyDatabaseFile(
  config: DatabaseConfig & { engine: 'sqlite' },
  path: string,
  pause: (tookMs: number) => Promise<unknown>,
): Promise<number> {
  await requireAbsent(path);
  await access(config.path, constants.R_OK | constants.W_OK);
  const unfinished = unfinishedName(path);
  const handle = await open(unfinished, 'wx', 0o600).catch((error: Error) => {
    throw new Refused(`${path} can't be written: ${error.message}`);
  });
  try {
    await onSource(config, async (source) => copyPages(source, unfinished, handle, pause));
    const { size } = await handle.stat();
    await handle.close();
    await requireSound({ ...config, path: unfinished });
    await finish(unfinished, path);
    return size;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await discard(unfinished);
    throw error;
  }
}

async function onSource(config: DatabaseConfig, work: (source: DataSource) => Promise<void>): Promise<void> {
  const source = await new DataSource(dataSourceOptions(config, 'backup', [])).initialize();
  try {
    await settleReader(source);
    // Without a transaction of its own the backup would begin again with each write of another process.
    await source.query('BEGIN');
    const migrations: { name: string }[] = await source.query('SELECT name FROM migrations');
    requireOurSchema(migrations.map(({ name }) => name));
    await work(source);
  } finally {
    await source.destroy();
  }
}

async function copyPages(
  { driver }: DataSource,
  unfinished: string,
  handle: FileHandle,
  pause: (tookMs: number) => Promise<unknown>,
): Promise<void> {
  const { databaseConnection } = driver as unknown as { databaseConnection: Database & { backup: OpenBackup } };
  const backup = await begun((done) => databaseConnection.backup(unfinished, done));
  try {
    while (!backup.completed) {
      const from = performance.now();
      await settled((done) => backup.step(PAGES_AT_ONCE, done));
      // A little at a time: whoever commits meanwhile waits for the same disk.
      await handle.datasync();
      await pause(performance.now() - from);
    }
  } finally {
    await settled((done) => backup.finish(done));
  }
}

type OpenBackup = (file: string, done: (error: Error | null) => void) => OnlineBackup;

async function begun(begin: (done: (error: Error | null) => void) => OnlineBackup): Promise<OnlineBackup> {
  let backup: OnlineBackup | undefined;
  await settled((done) => (backup = begin(done)));
  return backup!;
}

function settled(work: (done: (error: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => (error ? reject(error) : resolve()));
  });
}

async function requireSound(config: DatabaseConfig): Promise<void> {
  const copy = await new DataSource(dataSourceOptions(config, 'backup', [])).initialize();
  try {
    const [found]: { integrity_check: string }[] = await copy.query('PRAGMA integrity_check(1)');
    if (found?.integrity_check !== 'ok') throw new Refused(`The copy is damaged: ${found?.integrity_check}`);
  } finally {
    await copy.destroy();
  }
}
