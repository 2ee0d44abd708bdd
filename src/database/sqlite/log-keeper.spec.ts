import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { Database } from '../database.js';
import { DatabaseFault } from '../faults/database-fault.js';
import { LogKeeper } from './log-keeper.js';

let folder: string;
let database: Database;
/** Another process, as far as SQLite can tell. */
let other: Database;
let keeper: LogKeeper;
let tries: number;
let parted: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'items-keeper-'));
  [database, other] = [await open(), await open()];
  const writer = database.sqliteWriter!;
  await writer.alone((connection) => connection.exec('CREATE TABLE notes (text)'));
  keeper = new LogKeeper(writer, pino({ level: 'silent' }), 1);
  [tries, parted] = [0, 0];
  const emptyLog = writer.emptyLog.bind(writer);
  jest.spyOn(writer, 'emptyLog').mockImplementation(async () => {
    tries += 1;
    return emptyLog();
  });
  const { longReads } = writer.file;
  const without = longReads.without.bind(longReads);
  jest.spyOn(longReads, 'without').mockImplementation((work) => {
    parted += 1;
    return without(work);
  });
});

afterEach(async () => {
  await keeper.stop();
  for (const one of [database, other]) {
    await one.sqliteWriter!.finalize();
    await one.writer.destroy();
    await one.reader.destroy();
  }
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Database> {
  const config = { engine: 'sqlite', path: join(folder, 'items.sqlite'), timeoutMs: 700, queryTimeoutMs: 700 } as const;
  const opened = new Database(config, [], pino({ level: 'silent' }));
  await opened.open(() => Promise.resolve());
  return opened;
}

const logBytes = () => statSync(join(folder, 'items.sqlite-wal')).size;
const change = () =>
  database.sqliteWriter!.alone((connection) => connection.all("INSERT INTO notes (text) VALUES ('x')", []));
const begin = () => database.file!.onLargeLog!();

async function readOn({ reader }: Database): Promise<() => Promise<unknown>> {
  await reader.query('BEGIN');
  await reader.query('SELECT count(*) FROM notes');
  return () => reader.query('COMMIT');
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(1);
}

/** Waits for so many more tries. */
function triedAgain(times: number): Promise<void> {
  const enough = tries + times;
  return until(() => tries >= enough);
}

const emptied = () => until(() => logBytes() === 0);

describe('LogKeeper', () => {
  it('keeps no lists apart while none runs and others read', async () => {
    const end = await readOn(other);
    begin();
    await triedAgain(12);
    await end();
    await emptied();
    expect(parted).toBe(0);
  });

  it('keeps lists apart once while the same others read, and again when those have gone and lists keep the log', async () => {
    const endOther = await readOn(other);
    await change();
    let endList: () => void = () => undefined;
    const list = () => database.file!.longReads.during(() => new Promise<void>((resolve) => (endList = resolve)));
    const first = list();
    begin();
    await until(() => parted === 1);
    endList();
    await first;
    const second = list();
    await triedAgain(22);
    expect(parted).toBe(1);

    const endOwn = await readOn(database);
    await endOther();
    await change();
    await until(() => parted === 2);
    await endOwn();
    endList();
    await second;
    await emptied();
    expect(parted).toBe(2);
  });

  it('tries no more once the file is damaged', async () => {
    const end = await readOn(other);
    begin();
    await triedAgain(1);
    database.file!.condition.met(new DatabaseFault('damaged', new Error('malformed')));
    // Behind the try that may be under way.
    await database.sqliteWriter!.alone(() => Promise.resolve());
    const before = [tries, logBytes()];
    await end();
    begin();
    // Longer than the pause before a next try.
    await delay(20);
    expect([tries, logBytes()]).toEqual(before);
    expect(logBytes()).toBeGreaterThan(0);
  });
});
