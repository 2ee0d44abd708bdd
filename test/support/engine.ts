import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { readConfig, type DatabaseConfig, type Engine } from '../../src/config/config.js';
import { createDatabase } from './postgres/database.js';

declare const ENGINE: Engine;

/** The engine that this run of the suite is on. Tests don't ask; what differs lives in test/support. */
export const engine: Engine = ENGINE;

/** Like describe, for what can happen to a database server alone; on the other engine its tests are shown as skipped. */
export function describeOnServer(name: string, tests: () => void): void {
  describeIf(engine === 'postgres', name, tests);
}

/** The same for what can happen to a file alone. */
export function describeOnFile(name: string, tests: () => void): void {
  describeIf(engine === 'sqlite', name, tests);
}

// Looked up at each call: test files share this module, but each has a describe.skip of its own.
function describeIf(isPossible: boolean, ...suite: [name: string, tests: () => void]): void {
  (isPossible ? describe : describe.skip)(...suite);
}

/** Stands in every URL of a PostgreSQL database here (its server asks for none), and must never be shown. */
export const PASSWORD = 'never-to-be-shown';

/** The items, as `id: name`, that the service by itself puts into a database which was not there before. */
export const NEW_DATABASE_ITEMS = engine === 'sqlite' ? ['1: apple', '2: banana'] : [];

/** How long the database may take in tests, in milliseconds: enough for a busy machine, and soon over. */
export const TIMEOUT_MS = 1_500;

/** A new empty database on the engine of this run. */
export interface TestDatabase {
  /** As in DATABASE_URL. */
  url: string;
  config: DatabaseConfig;
  drop(this: void): Promise<void>;
}

/** An SQLite file that does not exist yet, in a temporary folder, or an empty database of the PostgreSQL server. */
export async function newDatabase(): Promise<TestDatabase> {
  if (engine === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'items-sqlite-'));
    const path = join(folder, 'items.sqlite');
    const drop = () => rm(folder, { recursive: true, force: true });
    const url = `sqlite:${path}`;
    return { url, config: configOf(url), drop };
  }
  const database = await createDatabase(process.env.TEST_POSTGRES_URL ?? '');
  const url = withPassword(database.url);
  return { url, config: configOf(url), drop: () => database.drop() };
}

/** What the service makes of a DATABASE_URL. */
export function configOf(url: string): DatabaseConfig {
  return { ...readConfig({ DATABASE_URL: url }).database, timeoutMs: TIMEOUT_MS };
}

/** The same server or database for a client that sends a password. */
export function withPassword(url: string): string {
  return Object.assign(new URL(url), { password: PASSWORD }).href;
}
