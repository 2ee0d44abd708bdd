import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { readConfig } from '../../../src/config/read-config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';

// Set by jest.config.js for all workers. The folder goes with the run.
const folder = process.env.ANSWERS_FOLDER;

let migrated: Promise<string> | undefined;

/**
 * Puts the tables of the service into an SQLite file that does not exist yet: a copy of one that this process migrated once. The
 * migrations are a third of the start of a service in a test.
 */
export async function layTables(database: DatabaseConfig): Promise<void> {
  if (database.engine !== 'sqlite' || folder === undefined) return;
  migrated ??= migrateFile(join(folder, `migrated-${process.pid}.sqlite`));
  await copyFile(await migrated, database.path);
}

async function migrateFile(path: string): Promise<string> {
  const migrator = new DataSource(
    dataSourceOptions(readConfig({ DATABASE_URL: `sqlite:${path}` }).database, 'migrator', []),
  );
  await migrator.initialize();
  await migrator.query('PRAGMA journal_mode = WAL');
  await migrator.runMigrations();
  await migrator.destroy();
  return path;
}
