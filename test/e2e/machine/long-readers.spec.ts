import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Database } from '../../../src/database/database.js';
import { connectDirectly, queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnFile, newDatabase, type TestDatabase } from '../../support/database/engine.js';
import type { Mend } from '../../support/database/faults.js';
import { slowItem } from '../../support/database/slow-item.js';
import { readinessNow } from '../../support/readiness.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const LARGE_BYTES = 200_000;

describeOnFile('the write-ahead log', () => {
  let database: TestDatabase;
  let service: TestApp;
  let mend: Mend | undefined;
  beforeAll(async () => {
    database = await newDatabase();
    service = await startTestApp({ database: { ...database.config, queryTimeoutMs: 300 } });
    service.app.get(Database).file!.largeLogBytes = LARGE_BYTES;
    for (const id of ['kept', 'slow']) (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
  });
  afterEach(async () => {
    await mend?.();
    mend = undefined;
  });
  afterAll(async () => {
    await service.close();
    await database.drop();
  });

  const logBytes = () => statSync(`${(database.config as { path: string }).path}-wal`).size;
  const told = () => service.log.filter(({ msg }) => String(msg).startsWith('The write-ahead log'));

  /** Makes more changes than the log holds while it is not large. */
  async function change(): Promise<void> {
    for (let n = 0; n < 20; n += 1) {
      (await service.api.put('/items/kept', { name: `${n}`, attributes: { text: 'x'.repeat(10_000) } })).expect(200);
    }
  }

  /** Makes the log large at once. The service sees it when it is asked for readiness. */
  async function enlarge(): Promise<void> {
    await queryDirectly(database.config, 'CREATE TABLE filler AS SELECT zeroblob(300000) AS bytes');
    await queryDirectly(database.config, 'DROP TABLE filler');
    (await readinessNow(service)).expect(200);
  }

  async function emptied(): Promise<void> {
    while (logBytes() > 0) await delay(10);
  }

  it('[P61] is emptied when it is large, without a word', async () => {
    await enlarge();
    await emptied();
    expect(told()).toEqual([]);
    expect((await readinessNow(service)).expect(200).json).toMatchObject({ log: 'ok', logBytes: 0 });
  });

  it('[P61] is emptied although lists are under way at every moment', async () => {
    mend = await slowItem(database.config, 'slow');
    const over = new AbortController();
    const listing = async (n: number) => {
      for (let at = 0; !over.signal.aborted; at += 1) {
        (await service.api.get(`/items?limit=${n + 2 * at + 1}`)).expect(400, 'query-too-slow');
      }
    };
    const first = listing(0);
    await delay(100);
    const lists = [first, listing(1)];
    await enlarge();
    await emptied();
    over.abort();
    await Promise.all(lists);
    expect(told()).toEqual([]);
  });

  it('[P61] grows while another process reads for long: reads and changes go on, readiness and log tell its size', async () => {
    const other = await connectDirectly(database.config);
    await other.query('BEGIN');
    await other.query('SELECT count(*) FROM items');
    await change();
    const { json } = (await readinessNow(service)).expect(200);
    expect(json).toMatchObject({ status: 'warning', database: 'writable', log: 'large' });
    expect(json.logBytes).toBeGreaterThan(LARGE_BYTES);
    while (told().length === 0) await delay(10);
    (await service.api.put('/items/kept', { name: 'y' })).expect(200);
    for (const target of ['/items', '/items/kept']) (await service.api.get(target)).expect(200);
    await other.query('COMMIT');
    await emptied();
    while (told().length === 1) await delay(10);
    expect(told()).toMatchObject([{ level: 'warn', bytes: expect.any(Number) }, { level: 'info' }]);
    expect((await readinessNow(service)).expect(200).json).toMatchObject({ log: 'ok', logBytes: 0 });
    await other.close();
  });
});
