import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { DatabaseConfig, Engine } from '../../../src/config/config.js';
import { readConfig } from '../../../src/config/read-config.js';
import { borrowDatabase, borrowMigratedDatabase } from '../postgres/borrowed-database.js';
import type { Database } from '../postgres/database.js';
import { layTables } from './migrated-file.js';

declare const ENGINE: Engine;

/** The engine of this run of the suite. Tests don't ask for it; what differs is in test/support. */
export const engine: Engine = ENGINE;

/** Like describe, for what can only happen to a database server. On SQLite its tests are shown as skipped. */
export function describeOnServer(name: string, tests: () => void): void {
  describeIf(engine === 'postgres', name, tests);
}

/** The same for what can only happen to a file. */
export function describeOnFile(name: string, tests: () => void): void {
  describeIf(engine === 'sqlite', name, tests);
}

/** The same for what can only happen to a file, and can be made only on some systems. */
export function describeOnFileIf(isPossible: boolean, name: string, tests: () => void): void {
  describeIf(engine === 'sqlite' && isPossible, name, tests);
}

// Looked up at each call: test files share this module, but each has a describe.skip of its own.
function describeIf(isPossible: boolean, ...suite: [name: string, tests: () => void]): void {
  (isPossible ? describe : describe.skip)(...suite);
}

/** Part of every URL of a PostgreSQL database here, although its server asks for none. It must never be shown. */
export const PASSWORD = 'never-to-be-shown';

/** The items, as `id: name`, that the service puts into a new database. */
export const NEW_DATABASE_ITEMS = engine === 'sqlite' ? ['1: apple', '2: banana'] : [];

/** How long the database may take where a test waits for it, in milliseconds. Elsewhere it is the service's own default. */
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
  return engine === 'sqlite' ? newFile() : onServer(await borrowDatabase(process.env.TEST_POSTGRES_URL ?? ''));
}

/** The same with the tables of the service, and without items. */
export async function migratedDatabase(): Promise<TestDatabase> {
  if (engine === 'postgres') return onServer(await borrowMigratedDatabase(process.env.TEST_POSTGRES_URL ?? ''));
  const file = await newFile();
  await layTables(file.config);
  return file;
}

async function newFile(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'items-sqlite-'));
  const url = `sqlite:${join(folder, 'items.sqlite')}`;
  return { url, config: configOf(url), drop: () => rm(folder, { recursive: true, force: true }) };
}

function onServer(database: Database): TestDatabase {
  const url = withPassword(database.url);
  return { url, config: configOf(url), drop: () => database.drop() };
}

/** What the service makes of a DATABASE_URL. */
export function configOf(url: string): DatabaseConfig {
  return readConfig({ DATABASE_URL: url }).database;
}

/** The same for a test that waits until the database has taken {@link TIMEOUT_MS}. */
export function impatientConfigOf(url: string): DatabaseConfig {
  return { ...configOf(url), timeoutMs: TIMEOUT_MS };
}

/** The same server or database for a client that sends a password. */
export function withPassword(url: string): string {
  return Object.assign(new URL(url), { password: PASSWORD }).href;
}
