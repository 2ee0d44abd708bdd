import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { writeSnapshot } from '../../../src/backup/command/back-up.js';
import { restoreFile } from '../../../src/backup/command/restore.js';
import { entitiesFor } from '../../../src/entities.js';

/** A folder for the backups of a test. */
export interface BackupFolder {
  /** The path of a file in it. */
  path(this: void, name: string): string;
  remove(this: void): Promise<void>;
}

export async function makeBackupFolder(): Promise<BackupFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'items-backups-'));
  return { path: (name) => join(folder, name), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** What `npm run backup` does. */
export function backUpInto(file: string, database: DatabaseConfig) {
  return writeSnapshot(database, entitiesFor(database.engine), file, new AbortController().signal);
}

/** What `npm run restore` does, but for the indexes on attributes. */
export function restoreFrom(file: string, database: DatabaseConfig) {
  return restoreFile(database, entitiesFor(database.engine), file);
}
