import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Database } from '../database.js';
import { DatabaseFault } from '../faults/database-fault.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteWriter } from './sqlite-writer.js';

let folder: string;
let database: Database;
let other: Database;
let writer: SqliteWriter;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'items-writer-'));
  [database, other] = await Promise.all([open(), open()]);
  writer = database.sqliteWriter!;
  await writer.alone((connection) => connection.exec('CREATE TABLE notes (text)'));
});

afterEach(async () => {
  for (const one of [database, other]) {
    await one.sqliteWriter!.finalize();
    await one.writer.destroy();
    await one.reader.destroy();
  }
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Database> {
  const path = join(folder, 'items.sqlite');
  // Whoever waits for a lock in vain is found by the time limit of its test.
  const config = { engine: 'sqlite', path, timeoutMs: 600_000, queryTimeoutMs: 600_000 } as const;
  const opened = new Database(config, [], pino({ level: 'silent' }));
  await opened.open(() => Promise.resolve());
  return opened;
}

/** Far less than whoever waits for a lock in vain would take, in milliseconds. */
const LIMIT_MS = 20_000;

const note = (text: string) => (connection: SqliteConnection) =>
  connection.all('INSERT INTO notes (text) VALUES (?)', [text]);
const notes = async () =>
  (await database.reader.query<{ text: string }[]>('SELECT text FROM notes')).map(({ text }) => text);

/** Work that goes on until `end` is called. */
function stopped() {
  let begin: () => void;
  let end: () => void;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = () => {
    begin();
    return ended;
  };
  return { begun, end: () => end(), work };
}

describe('SqliteWriter', () => {
  it('lets nothing into the transaction of other work: it comes after, and is kept if that is rolled back', async () => {
    const { begun, end, work } = stopped();
    const transaction = writer.inTransaction(async (connection) => {
      await note('inside')(connection);
      await work();
      throw new Error('stop');
    });
    await begun;
    const after = writer.alone(note('after'));
    const aside = writer.withoutWaiting(note('aside'));
    expect(await notes()).toEqual([]);
    end();
    await expect(transaction).rejects.toMatchObject({ cause: { message: 'stop' } });
    await Promise.all([after, aside]);
    expect(await notes()).toEqual(['after', 'aside']);
  });

  it(
    'does not wait for the lock of another process where nobody needs the work; other work still does',
    async () => {
      const { begun, end, work } = stopped();
      const held = other.sqliteWriter!.inTransaction(work);
      await begun;
      await expect(writer.withoutWaiting(note('never'))).rejects.toMatchObject({ kind: 'unavailable' });
      const alone = writer.alone(note('alone'));
      expect(await isWaiting(alone)).toBe(true);
      end();
      await Promise.all([held, alone]);
      await writer.withoutWaiting(note('aside'));
      expect(await notes()).toEqual(['alone', 'aside']);
    },
    LIMIT_MS,
  );

  it(
    'keeps nothing of work that failed: a transaction after it waits for the lock, and sees what was done meanwhile',
    async () => {
      const { begun, end, work } = stopped();
      const held = other.sqliteWriter!.inTransaction(async (connection) => {
        await note('theirs')(connection);
        await work();
      });
      await begun;
      const aside = writer.withoutWaiting((connection) => connection.all(`UPDATE notes SET text = 'aside'`, []));
      await expect(aside).rejects.toMatchObject({ kind: 'unavailable' });
      const late = writer.inTransaction(note('late'));
      expect(await isWaiting(late)).toBe(true);
      end();
      await Promise.all([held, late]);
      await writer.inTransaction(note('ours'));
      expect(await notes()).toEqual(['theirs', 'late', 'ours']);
    },
    LIMIT_MS,
  );

  it('a fault while the log is written into the file says nothing about changes, which only need the log', async () => {
    await writer.alone((connection) => connection.exec('INSERT INTO notes VALUES (zeroblob(3000000))'));
    expect(await writer.emptyLog()).toMatchObject({ isEmptied: true });
    // Its page is behind the limit, but the log is short.
    await writer.alone((connection) => connection.exec('INSERT INTO notes VALUES (zeroblob(10000))'));
    limitFiles('2000000');
    try {
      await expect(writer.emptyLog()).rejects.toMatchObject({ cause: { code: 'SQLITE_IOERR' } });
      expect(writer.file.condition.isUnwritable).toBe(false);
      await writer.alone(note('small'));
    } finally {
      limitFiles('unlimited');
    }
    expect(await writer.emptyLog()).toMatchObject({ isEmptied: true });
  });

  it('writes nothing into a file that is known to be damaged, not even to find out whether it can', async () => {
    await writer.alone((connection) => connection.exec('PRAGMA query_only = ON'));
    await writer.alone(note('never')).catch(() => undefined);
    await writer.alone((connection) => connection.exec('PRAGMA query_only = OFF'));
    writer.file.condition.met(new DatabaseFault('damaged', new Error('malformed')));
    const logBytes = () => statSync(`${join(folder, 'items.sqlite')}-wal`).size;
    const before = logBytes();
    await expect(writer.emptyLog()).rejects.toMatchObject({ kind: 'damaged' });
    expect(await writer.isWritable()).toBe(false);
    expect(logBytes()).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  /** Whether work goes on for a while, which what fails at once does not. Error: it failed. */
  function isWaiting(work: Promise<unknown>): Promise<boolean> {
    return Promise.race([work.then(() => false), delay(500, true)]);
  }
});

const limitFiles = (bytes: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
