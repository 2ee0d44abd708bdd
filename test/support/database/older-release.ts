import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { MIGRATIONS } from '../../../src/database/migrations/index.js';
import { entitiesFor } from '../../../src/entities.js';
import { engine, type TestDatabase } from './engine.js';

/** Takes a database back to the schema of the release before a migration. */
export async function migratedDownTo(
  migration: (typeof MIGRATIONS)[number],
  { config }: Pick<TestDatabase, 'config'>,
): Promise<void> {
  const source = await new DataSource(dataSourceOptions(config, 'migrator', entitiesFor(engine))).initialize();
  for (const _ of MIGRATIONS.slice(MIGRATIONS.indexOf(migration))) await source.undoLastMigration();
  await source.destroy();
}

/** Brings a database to the schema of this release, and does nothing else that a start does. */
export async function migrate({ config }: Pick<TestDatabase, 'config'>): Promise<void> {
  const source = await new DataSource(dataSourceOptions(config, 'migrator', entitiesFor(engine))).initialize();
  await source.runMigrations();
  await source.destroy();
}
