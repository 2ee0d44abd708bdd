import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { attributeIndexesOf } from '../../../src/items/store/indexes/attribute-index.js';
import type { FoundIndex, IndexSession } from '../../../src/items/store/indexes/index-session.js';
import { openIndexSession } from '../../../src/items/store/indexes/open-index-session.js';
import type { TestApp } from '../test-app.js';
import { connectDirectly } from './direct-sql.js';
import { engine } from './engine.js';
import { holdWriteLock, type Mend } from './faults.js';

type Service = Pick<TestApp, 'config'>;

/** The indexes on attributes that the database has. */
export function indexesOf({ config }: Service): Promise<FoundIndex[]> {
  return inSession(config.database, (session) => session.list());
}

/** Makes the indexes on some attributes. Their names, in the order of the paths. */
export async function makeIndexes({ config }: Service, paths: string[][]): Promise<string[]> {
  const indexes = paths.flatMap((path) => attributeIndexesOf(path, engine));
  await inSession(config.database, (session) => session.make(indexes, () => {}));
  return indexes.map(({ name }) => name);
}

/** Drops all indexes on attributes. */
export async function dropIndexes({ config }: Service): Promise<void> {
  await inSession(config.database, async (session) => {
    for (const { name } of await session.list()) await session.drop(name);
  });
}

/** Waits until the indexes on an attribute serve filters. */
export async function isMade({ config }: Service, path: string[]): Promise<void> {
  const wanted = attributeIndexesOf(path, engine).map(({ name }) => name);
  await inSession(config.database, async (session) => {
    const valid = async () => (await session.list()).filter(({ state }) => state === 'valid').map(({ name }) => name);
    for (let names = await valid(); !wanted.every((name) => names.includes(name)); names = await valid())
      await delay(10);
  });
}

/** Keeps indexes from being made, until mended, as a change does that is under way. On PostgreSQL changes go on, on SQLite they wait. */
export async function holdIndexes(database: DatabaseConfig): Promise<Mend> {
  if (engine === 'sqlite') return holdWriteLock(database);
  const other = await connectDirectly(database);
  await other.query('BEGIN');
  await other.query('LOCK TABLE items IN ROW EXCLUSIVE MODE');
  return async () => {
    await other.query('ROLLBACK');
    await other.close();
  };
}

async function inSession<T>(database: DatabaseConfig, work: (session: IndexSession) => Promise<T>): Promise<T> {
  const session = await openIndexSession(database, new AbortController().signal);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
