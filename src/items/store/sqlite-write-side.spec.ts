import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Database as Connection } from 'sqlite3';
import type { DataSource } from 'typeorm';
import { Database } from '../../database/database.js';
import { entitiesFor } from '../../entities.js';
import { decideAll } from '../jobs.rules.js';
import { contentOf } from './item.members.js';
import { SqliteWriteSide } from './sqlite-write-side.js';
import type { WriteSet } from './write-set.js';

const NOW = '2026-11-22T10:00:00.000Z';
/** SQLITE_LIMIT_SQL_LENGTH of sqlite3.h, in bytes: below it a ROLLBACK is refused as too long. */
const LIMIT_SQL_LENGTH = 1;

let folder: string;
let writer: DataSource;
let reader: DataSource;
let side: SqliteWriteSide;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'items-write-side-'));
  const path = join(folder, 'items.sqlite');
  const database = new Database(
    { engine: 'sqlite', path, timeoutMs: 1_000, queryTimeoutMs: 1_000 },
    entitiesFor('sqlite'),
    pino({ level: 'silent' }),
  );
  ({ writer, reader } = database);
  side = new SqliteWriteSide(database.sqliteWriter!);
  await database.open(() => side.open());
});

afterEach(async () => {
  await side.close();
  await writer.destroy();
  await reader.destroy();
  rmSync(folder, { recursive: true });
});

function creationOf(id: string): WriteSet {
  const command = { kind: 'create', id, content: contentOf({ name: id }) } as const;
  const job = { command, actor: 'a', requestId: 'r', commandId: id, isMinimal: false };
  return decideAll(new Map(), [{ jobs: [job] }], NOW).set;
}

const committed = async () =>
  (await reader.query<{ id: string }[]>('SELECT id FROM items ORDER BY id')).map(({ id }) => id);

function limitStatements(bytes: number): void {
  const { databaseConnection } = writer.driver as unknown as { databaseConnection: Connection };
  databaseConnection.configure('limit', LIMIT_SQL_LENGTH, bytes);
}

describe('SqliteWriteSide', () => {
  it('commits a set at once, and keeps what is written under the lock once that ends', async () => {
    await side.save(creationOf('a'), NOW);
    expect(await committed()).toEqual(['a']);
    await side.underLock(async (session) => {
      await session.save(creationOf('b'), NOW);
      expect(await committed()).toEqual(['a']);
    });
    expect(await committed()).toEqual(['a', 'b']);
  });

  it('goes on after a transaction that SQLite has ended by itself', async () => {
    const failing = side.underLock(async () => {
      await writer.query('ROLLBACK');
      throw new Error('stop');
    });
    await expect(failing).rejects.toMatchObject({ cause: { message: 'stop' } });
    await side.save(creationOf('b'), NOW);
    expect(await committed()).toEqual(['b']);
  });

  it('neither reads nor writes inside a transaction that could not be rolled back', async () => {
    const failing = side.underLock(async (session) => {
      await session.save(creationOf('a'), NOW);
      limitStatements(5);
      throw new Error('stop');
    });
    await expect(failing).rejects.toMatchObject({ cause: { message: 'stop' } });
    await expect(side.findMany(['a'])).rejects.toMatchObject({
      cause: { message: expect.stringContaining('too big') },
    });
    limitStatements(1_000_000);
    expect(await side.findMany(['a'])).toEqual(new Map());
    await side.save(creationOf('b'), NOW);
    expect(await committed()).toEqual(['b']);
  });

  it('is unavailable while nothing can be written to the file', async () => {
    await writer.query('PRAGMA query_only = ON');
    await expect(side.save(creationOf('a'), NOW)).rejects.toMatchObject({ kind: 'unavailable' });
    await writer.query('PRAGMA query_only = OFF');
    await side.save(creationOf('a'), NOW);
    expect(await committed()).toEqual(['a']);
  });
});
