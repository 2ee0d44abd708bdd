import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Database } from '../database.js';
import { LOG_LIMIT_BYTES } from './sqlite-settings.js';

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'items-settings-'));
  const config = {
    engine: 'sqlite',
    path: join(folder, 'items.sqlite'),
    timeoutMs: 5_000,
    queryTimeoutMs: 5_000,
  } as const;
  database = new Database(config, [], pino({ level: 'silent' }));
  await database.open(() => Promise.resolve());
});
afterEach(async () => {
  await database.writer.destroy();
  await database.reader.destroy();
  rmSync(folder, { recursive: true });
});

describe('the write-ahead log', () => {
  it('is within its limit after a checkpoint', async () => {
    const { writer } = database;
    const size = () => statSync(join(folder, 'items.sqlite-wal')).size;
    await writer.query(`CREATE TABLE filler AS SELECT zeroblob(${LOG_LIMIT_BYTES + 5_000_000}) AS bytes`);
    expect(size()).toBeGreaterThan(LOG_LIMIT_BYTES);
    // The first commit after it empties the log, and the next one starts the log over.
    for (let n = 0; n < 2; n += 1) await writer.query("INSERT INTO filler VALUES (x'00')");
    expect(size()).toBeLessThanOrEqual(LOG_LIMIT_BYTES);
  });
});
