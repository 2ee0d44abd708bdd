import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseFault } from './faults/database-fault.js';
import { SqliteConnection } from './sqlite/sqlite-connection.js';
import { SqliteFile } from './sqlite/sqlite-file.js';
import { QUERIES_AT_ONCE, TimedQueries } from './timed-queries.js';

let folder: string;
let queries: TimedQueries;
const pathOf = () => join(folder, 'items.sqlite');
const config = () => ({ engine: 'sqlite' as const, path: pathOf(), timeoutMs: 1_000, queryTimeoutMs: 60_000 });
const timersNow = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'items-queries-'));
  queries = new TimedQueries(config(), new SqliteFile(pathOf(), pino({ level: 'silent' })));
});
afterEach(async () => {
  await queries.onApplicationShutdown();
  await rm(folder, { recursive: true });
});

async function makeFile(): Promise<DataSource> {
  const source = await new DataSource(dataSourceOptions(config(), 'writer', [])).initialize();
  await source.query('CREATE TABLE notes (text)');
  return source;
}

describe('TimedQueries on SQLite', () => {
  it('stops no later query: the timer of a query ends with it', async () => {
    const writer = await makeFile();
    const before = timersNow();
    await queries.rows('SELECT * FROM notes', []);
    await expect(queries.rows('SELECT * FROM nothing', [])).rejects.toThrow(DatabaseFault);
    expect(timersNow()).toBe(before);
    await writer.destroy();
  });

  it('makes no file in the place of one that is lost', async () => {
    await expect(queries.rows('SELECT 1', [])).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(access(pathOf())).rejects.toMatchObject({ code: 'ENOENT' });
    const writer = await makeFile();
    expect(await queries.rows('SELECT * FROM notes', [])).toEqual([]);
    await writer.destroy();
  });

  it('can’t write', async () => {
    const writer = await makeFile();
    await expect(queries.rows("INSERT INTO notes VALUES ('x')", [])).rejects.toThrow(DatabaseFault);
    expect(await queries.rows('SELECT * FROM notes', [])).toEqual([]);
    await writer.destroy();
  });
});

describe('connections that can’t be made', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('are closed before others are made, and none is left open in the end', async () => {
    const writer = await makeFile();
    const noHandle = new Error('no file handle');
    const made = new Set<DataSource>();
    const initialize = Reflect.get(DataSource.prototype, 'initialize');
    const destroy = Reflect.get(DataSource.prototype, 'destroy');
    let closing!: () => void;
    const isClosing = new Promise<void>((resolve) => (closing = resolve));
    let goOn!: () => void;
    const mayClose = new Promise<void>((resolve) => (goOn = resolve));
    jest.spyOn(DataSource.prototype, 'initialize').mockImplementation(function (this: DataSource) {
      made.add(this);
      // The first fails before the second is open.
      return made.size === 1 ? Promise.reject(noHandle) : initialize.call(this);
    });
    jest.spyOn(DataSource.prototype, 'destroy').mockImplementation(async function (this: DataSource) {
      closing();
      await mayClose;
      return destroy.call(this);
    });
    const asked = [queries.rows('SELECT 1', [])];
    const first = Promise.allSettled(asked);
    await isClosing;
    asked.push(queries.rows('SELECT 2', []));
    const both = Promise.allSettled(asked);
    goOn();
    await first;
    for (const outcome of await both) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'unforeseen', cause: noHandle } });
    }
    expect(made.size).toBe(QUERIES_AT_ONCE.sqlite);
    expect(await queries.rows('SELECT * FROM notes', [])).toEqual([]);
    await queries.onApplicationShutdown();
    expect([...made].filter(({ isInitialized }) => isInitialized)).toEqual([]);
    await writer.destroy();
  });
});

describe('a query that is asked for again', () => {
  /** Takes some milliseconds, and says how many notes there were when it began. */
  const COUNT = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    SELECT (SELECT count(*) FROM notes) AS notes, count(*) AS steps FROM n`;

  it('shares the rows of the one that waits, but not of one that has begun', async () => {
    const writer = await makeFile();
    await queries.rows('SELECT 1', []);
    const begun = Array.from({ length: QUERIES_AT_ONCE.sqlite }, () => queries.rows<object>(COUNT, []));
    const [first, second, other] = [COUNT, COUNT, `${COUNT} WHERE i > ?`].map((text, n) =>
      queries.rows<object>(text, n === 2 ? [0] : []),
    );
    const another = queries.rows<object>(`${COUNT} WHERE i > ?`, [1]);
    expect(await first).toBe(await second);
    const all = await Promise.all([...begun, first, other, another]);
    expect(new Set(all).size).toBe(all.length);
    await writer.query("INSERT INTO notes VALUES ('x')");
    expect(await queries.rows(COUNT, [])).toMatchObject([{ notes: 1 }]);
    await writer.destroy();
  });
});

describe('a query for one element', () => {
  const TWICE =
    'SELECT p.key AS at, p.value || ?2 || p.value AS twice, (SELECT count(*) FROM notes) AS notes FROM json_each(?1) AS p';
  const ask = (element: string, between = '-') => queries.rowFor<object>(TWICE, element, [between]);

  it('is carried out with those that wait, and each gets the row for its own', async () => {
    const writer = await makeFile();
    const run = jest.spyOn(SqliteConnection.prototype, 'all');
    const begun = Array.from({ length: QUERIES_AT_ONCE.sqlite }, (_, n) => queries.rows(`SELECT ${n}`, []));
    const rows = await Promise.all([ask('b'), ask('"a'), ask('b'), ask('b', '+'), ask('c')]);
    await Promise.all(begun);
    expect(rows).toMatchObject(['b-b', '"a-"a', 'b-b', 'b+b', 'c-c'].map((twice) => ({ twice })));
    expect(run.mock.calls.slice(begun.length).map(([, values]) => values)).toEqual([
      ['["b","\\"a","c"]', '-'],
      ['["b"]', '+'],
    ]);
    run.mockRestore();
    await writer.destroy();
  });

  it('is not carried out with those that have begun: it sees what was committed before it came', async () => {
    const writer = await makeFile();
    await queries.rows('SELECT 1', []);
    const begun = ask('a');
    await writer.query("INSERT INTO notes VALUES ('x')");
    expect(await ask('a')).toMatchObject({ notes: 1 });
    await begun;
    await writer.destroy();
  });

  it('is not begun if it waited too long, while those that came later are', async () => {
    const writer = await makeFile();
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(now);
    const begun = Array.from({ length: QUERIES_AT_ONCE.sqlite }, (_, n) => queries.rows(`SELECT ${n}`, []));
    const early = ask('early');
    clock.mockReturnValue(now + config().queryTimeoutMs + 1);
    const late = ask('late');
    await expect(early).rejects.toMatchObject({ kind: 'crowded' });
    expect(await late).toMatchObject({ twice: 'late-late' });
    expect(queries.crowded).toBe(1);
    clock.mockRestore();
    await Promise.all(begun);
    await writer.destroy();
  });
});

describe('results of queries that were carried out together', () => {
  const TEXT = "SELECT p.key AS at, p.value AS n, printf('%.*c', ?2, 'x') AS text FROM json_each(?1) AS p";
  const elements = Array.from({ length: 8 }, (_, n) => n);

  /** How many turns of the event loop they come in. */
  async function turnsOf(ask: (n: number) => Promise<unknown>): Promise<number> {
    const begun = Array.from({ length: QUERIES_AT_ONCE.sqlite }, (_, n) => queries.rows(`SELECT ${n}`, []));
    let turn = 0;
    const count = () => {
      turn += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    const turns = await Promise.all(elements.map((n) => ask(n).then(() => turn)));
    clearImmediate(counting);
    await Promise.all(begun);
    return new Set(turns).size;
  }

  it.each([
    ['small', 65_536, 1],
    ['large', 65_537, elements.length],
  ])('that are %s, of %d characters, come in %d turns of the event loop', async (_, length, expected) => {
    const writer = await makeFile();
    await queries.rows('SELECT 1', []);
    expect(await turnsOf((n) => queries.rowFor(TEXT, n, [length]))).toBe(expected);
    expect(await turnsOf(() => queries.rows(TEXT, ['[1]', length]))).toBe(expected);
    await writer.destroy();
  });
});

describe('the statements of a connection', () => {
  it('stay prepared, but no more than a hundred, and those longest unused go first', async () => {
    const source = await makeFile();
    const connection = new SqliteConnection(source);
    const kept = () => [...(Reflect.get(connection, 'statements') as Map<string, unknown>).keys()];
    for (let n = 0; n < 150; n += 1) {
      expect(await connection.all(`SELECT ${n} AS n`, [])).toEqual([{ n }]);
      expect(await connection.all('SELECT 0 AS n', [])).toEqual([{ n: 0 }]);
    }
    expect(kept()).toHaveLength(100);
    expect(kept()).toContain('SELECT 0 AS n');
    expect(kept()).not.toContain('SELECT 1 AS n');
    await connection.finalize();
    await source.destroy();
  });
});
