import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../src/config/config.js';
import { configOf, engine, migratedDatabase, newDatabase, type TestDatabase } from './engine.js';
import { layTables } from './migrated-file.js';

/** The engines that a run has: each has SQLite, one with a server both. */
export const ENGINES: Engine[] = engine === 'postgres' ? ['postgres', 'sqlite'] : ['sqlite'];

/** An empty database of an engine of {@link ENGINES}. */
export async function newDatabaseOn(wanted: Engine): Promise<TestDatabase> {
  if (wanted === engine) return newDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'items-sqlite-'));
  const url = `sqlite:${join(folder, 'items.sqlite')}`;
  return { url, config: configOf(url), drop: () => rm(folder, { recursive: true, force: true }) };
}

/** The same with the tables of the service, and without items. */
export async function migratedDatabaseOn(wanted: Engine): Promise<TestDatabase> {
  if (wanted === engine) return migratedDatabase();
  const file = await newDatabaseOn(wanted);
  await layTables(file.config);
  return file;
}
