import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConfig, Engine } from '../../src/config/config.js';
import { createDatabase } from './postgres/database.js';

declare const ENGINE: Engine;

/** The engine that this run of the suite is on. Tests don't ask; what differs lives in test/support. */
export const engine: Engine = ENGINE;

/** A new empty database on the engine of this run. */
export interface TestDatabase {
  /** As in DATABASE_URL. */
  url: string;
  config: DatabaseConfig;
  drop(): Promise<void>;
}

/** An SQLite file that does not exist yet, in a temporary folder, or an empty database of the PostgreSQL server. */
export async function newDatabase(): Promise<TestDatabase> {
  if (engine === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'items-sqlite-'));
    const path = join(folder, 'items.sqlite');
    const drop = () => rm(folder, { recursive: true, force: true });
    return { url: `sqlite:${path}`, config: { engine, path }, drop };
  }
  const { url, drop } = await createDatabase(process.env.TEST_POSTGRES_URL ?? '');
  return { url, config: { engine, url }, drop };
}
