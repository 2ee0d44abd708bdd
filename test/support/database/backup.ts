import { copyFile, rm } from 'node:fs/promises';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { copyDatabase } from '../postgres/database.js';

/** A copy of a database. Nobody may be connected to the database while it is copied or restored. */
export interface Backup {
  /** Replaces the database by the copy. */
  restore(this: void): Promise<void>;
  drop(this: void): Promise<void>;
}

export async function backUp(database: DatabaseConfig): Promise<Backup> {
  return database.engine === 'sqlite' ? backUpFile(database.path) : backUpOnServer(database.url);
}

async function backUpFile(path: string): Promise<Backup> {
  const copy = `${path}.backup`;
  await copyFile(path, copy);
  const restore = async () => {
    await Promise.all(['-wal', '-shm'].map((suffix) => rm(`${path}${suffix}`, { force: true })));
    await copyFile(copy, path);
  };
  return { restore, drop: () => rm(copy) };
}

async function backUpOnServer(url: string): Promise<Backup> {
  const copy = await copyDatabase(url, `${url}_backup`);
  return { restore: async () => void (await copyDatabase(copy.url, url)), drop: () => copy.drop() };
}
