import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseFault } from '../../../src/database/faults/database-fault.js';
import { HistoryTrimming, STEP_VERSIONS } from '../../../src/items/history-trimming.js';
import { queryDirectly, type Row } from '../../support/database/direct-sql.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { refuseTrimming } from '../../support/database/faults.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const T0 = Date.parse('2026-01-02T00:00:00.000Z');

let database: TestDatabase;
let service: TestApp;
beforeEach(async () => {
  database = await migratedDatabase();
});
afterEach(async () => {
  await service.close();
  await database.drop();
});

const start = async (historyRetentionDays: number | undefined, idempotencyTtlHours = 24) => {
  service = await startTestApp({ database: database.config, historyRetentionDays, idempotencyTtlHours });
  service.clock.now = new Date(T0);
};
const goTo = (days: number, ms = 0) => void (service.clock.now = new Date(T0 + days * DAY_MS + ms));
const trim = (of = service) => of.app.get(HistoryTrimming).trimDue();
const query = (statement: string): Promise<Row[]> => queryDirectly(database.config, statement);
const restore = (id: string, version: number) => service.api.post(`/items/${id}/restore`, { version });
const at = (days: number, ms = 0) => `/items/a?at=${new Date(T0 + days * DAY_MS + ms).toISOString()}`;
const under = (key: string) => ({ headers: { 'idempotency-key': key } });
const versionsOf = async (id: string): Promise<number[]> =>
  (await service.api.get(`/items/${id}/versions?limit=200`))
    .expect(200)
    .json.versions.map(({ version }: { version: number }) => version);

/** Puts names, one each day from a day on. */
async function putDaily(id: string, names: string[], from = 0): Promise<void> {
  for (const [n, name] of names.entries()) {
    goTo(from + n);
    expect([200, 201]).toContain((await service.api.put(`/items/${id}`, { name })).status);
  }
}

describe('HISTORY_RETENTION_DAYS', () => {
  it('[I68] 410 for a version once the one after it is older, and for a moment before the oldest kept one', async () => {
    await start(30);
    await putDaily('a', ['one', 'two', 'three']);
    goTo(31);
    expect(await trim()).toBe(0);
    (await service.api.get('/items/a/versions/1')).expect(200);
    (await service.api.get(at(1, -1))).expect(200);
    goTo(31, 1);
    expect(await trim()).toBe(1);
    const gone = (await service.api.get('/items/a/versions/1')).expect(410, 'version-trimmed');
    expect(gone.json).toMatchObject({ itemId: 'a', version: 1, retryable: false });
    expect((await service.api.get(at(1, -1))).expect(410, 'version-trimmed').json).not.toHaveProperty('version');
    (await service.api.get(at(-9))).expect(410, 'version-trimmed');
    expect((await service.api.get(at(1))).expect(200).json.name).toBe('two');
    (await service.api.get('/items/a/versions/2')).expect(200);
    (await service.api.get('/items/a/versions/4')).expect(404, 'version-not-found');
    (await service.api.get('/items/b/versions/1')).expect(404, 'item-not-found');
    (await service.api.put('/items/new', { name: 'new' })).expect(201);
    (await service.api.get(`/items/new?at=2020-01-01T00:00:00Z`)).expect(404, 'version-not-found');
  });

  it('[I68] 410 to the restore of a trimmed version, which changes nothing; kept ones can be restored', async () => {
    await start(30);
    await putDaily('a', ['one', 'two', 'three']);
    goTo(31, 1);
    await trim();
    expect((await restore('a', 1)).expect(410, 'version-trimmed').json).toMatchObject({ itemId: 'a', version: 1 });
    (await restore('a', 4)).expect(404, 'version-not-found');
    expect(await versionsOf('a')).toEqual([3, 2]);
    expect((await restore('a', 2)).expect(200).json).toMatchObject({ name: 'two', version: 4 });
    // The condition would fail, but the version that is gone comes first.
    const stale = { json: { version: 1 }, headers: { 'if-match': '"1-00000000"' } };
    (await service.api.call('POST', '/items/a/restore', stale)).expect(410, 'version-trimmed');
  });

  it('[I69] the list of versions ends at the oldest kept one, also for a cursor from before', async () => {
    await start(30);
    await putDaily('a', ['one', 'two', 'three', 'four']);
    const { next } = (await service.api.get('/items/a/versions?limit=2')).expect(200).json;
    goTo(32, 1);
    expect(await trim()).toBe(2);
    const page = (await service.api.get('/items/a/versions?limit=2')).expect(200);
    expect(page.json.versions).toHaveLength(2);
    expect(page.json.next).toBeNull();
    const behind = (await service.api.get(`/items/a/versions?limit=2&cursor=${next}`)).expect(200);
    expect(behind.json).toEqual({ versions: [], next: null });
  });

  it('[I69] the newest version stays however old it is, a deletion too, and numbers and conditions go on from it', async () => {
    await start(1);
    await putDaily('a', ['one', 'two']);
    (await service.api.put('/items/gone', { name: 'gone' })).expect(201);
    const tag = String((await service.api.get('/items/gone')).expect(200).headers.etag);
    (await service.api.delete('/items/gone')).expect(204);
    goTo(3_650);
    expect(await trim()).toBe(2);
    expect(await versionsOf('a')).toEqual([2]);
    expect(await versionsOf('gone')).toEqual([2]);
    (await service.api.get(at(2))).expect(200);
    (await restore('gone', 1)).expect(410, 'version-trimmed');
    (await restore('gone', 2)).expect(404, 'version-not-found');
    const again = { headers: { 'if-match': tag } };
    (await service.api.put('/items/gone', { name: 'again' }, again)).expect(412, 'precondition-failed');
    expect((await service.api.put('/items/gone', { name: 'again' })).expect(201).json.version).toBe(3);
  });

  it('[I69] a version to which the answer of a key leads stays until the key is forgotten', async () => {
    await start(1, 72);
    const first = (await service.api.put('/items/a', { name: 'one' }, under('k'))).expect(201);
    await putDaily('a', ['two', 'three'], 1);
    goTo(3);
    expect(await trim()).toBe(0);
    const again = (await service.api.put('/items/a', { name: 'one' }, under('k'))).expect(201);
    expect(again.json).toEqual(first.json);
    expect(again.headers.etag).toBe(first.headers.etag);
    goTo(3, 1);
    expect(await trim()).toBe(2);
    expect(await query('SELECT * FROM idempotency_keys')).toEqual([]);
    expect((await service.api.put('/items/a', { name: 'one' }, under('k'))).expect(200).json.version).toBe(4);
  });

  it('[I69] so it does if the clock was set back after the key was used; what comes behind waits for it', async () => {
    await start(1);
    await putDaily('a', ['one']);
    goTo(10);
    const first = (await service.api.put('/items/a', { name: 'one' }, under('k'))).expect(200);
    await putDaily('a', ['two', 'three'], 1);
    goTo(11);
    expect(await trim()).toBe(0);
    expect(await versionsOf('a')).toEqual([3, 2, 1]);
    const again = (await service.api.put('/items/a', { name: 'one' }, under('k'))).expect(200);
    expect(again.json).toEqual(first.json);
    goTo(11, 1);
    expect(await trim()).toBe(2);
  });

  it('the highest sequence number that was trimmed is kept, with the deletion or not at all', async () => {
    await start(1);
    await putDaily('a', ['one', 'two', 'three']);
    await putDaily('b', ['one', 'two'], 1);
    const numbers = async () =>
      (await query('SELECT seq FROM item_versions ORDER BY seq')).map(({ seq }) => Number(seq));
    const position = async () => Number((await query('SELECT trimmed_to FROM history_trimming'))[0]?.trimmed_to);
    goTo(100);
    const before = await numbers();
    const mend = await refuseTrimming(database.config);
    await expect(trim()).rejects.toBeInstanceOf(DatabaseFault);
    expect([await numbers(), await position()]).toEqual([before, 0]);
    await mend();
    expect(await trim()).toBe(3);
    const kept = await numbers();
    const trimmed = before.filter((seq) => !kept.includes(seq));
    expect(trimmed).toHaveLength(3);
    expect(await position()).toBe(Math.max(...trimmed));
    expect(await trim()).toBe(0);
    expect(await position()).toBe(Math.max(...trimmed));
  });

  it('[I68] 410 for an erased version, too, once it is trimmed; the erasure itself stays', async () => {
    await start(30);
    await putDaily('a', ['one', 'two']);
    goTo(2);
    (await service.api.put('/items/a', { name: 'three' }, under('k'))).expect(200);
    (await service.api.delete('/items/a')).expect(204);
    (await service.api.delete('/items/a/versions')).expect(204);
    (await service.api.get('/items/a/versions/1')).expect(410, 'version-erased');
    (await service.api.put('/items/a', { name: 'three' }, under('k'))).expect(410, 'answer-erased');
    goTo(32, 1);
    expect(await trim()).toBe(4);
    (await service.api.get('/items/a/versions/1')).expect(410, 'version-trimmed');
    expect(await versionsOf('a')).toEqual([5]);
    (await service.api.delete('/items/a/versions')).expect(204);
    expect(await versionsOf('a')).toEqual([5]);
    expect((await service.api.put('/items/a', { name: 'three' }, under('k'))).expect(201).json.version).toBe(6);
  });

  it('nothing is trimmed without it', async () => {
    await start(undefined);
    await putDaily('a', ['one', 'two']);
    goTo(36_500);
    expect(await trim()).toBe(0);
    expect(await versionsOf('a')).toEqual([2, 1]);
  });

  it('a service trims what is due when it starts, and says so', async () => {
    await start(1);
    await putDaily('a', ['one', 'two']);
    await query(`UPDATE item_versions SET at = '2020-01-01T00:00:00.000Z'`);
    await service.close();
    await start(1);
    const isSaid = () => service.log.some(({ msg }) => msg === 'Old versions of items were trimmed');
    while (!isSaid()) await delay(5);
    expect(await versionsOf('a')).toEqual([2]);
  });
});

describe('several services on one database', () => {
  let other: TestApp;
  afterEach(() => other.close());

  it('share the work, while others write', async () => {
    await start(1);
    other = await startTestApp({ database: database.config, historyRetentionDays: 1 });
    const ids = Array.from({ length: 50 }, (_, n) => `item-${n}`);
    const rounds = (3 * STEP_VERSIONS) / ids.length;
    for (let round = 0; round <= rounds; round += 1) {
      const operations = ids.map((id) => ({ method: 'PUT', id, body: { name: `n-${round}` } }));
      (await service.api.post('/batch', { atomic: true, operations }, under(`${round}`))).expect(200);
    }
    goTo(2);
    other.clock.now = service.clock.now;
    const writes = Promise.all(ids.map((id) => other.api.put(`/items/${id}`, { name: 'last' }, under(`${id}-last`))));
    const trimmed = await Promise.all([trim(), trim(other)]);
    for (const answer of await writes) answer.expect(200);
    expect(trimmed[0] + trimmed[1]).toBe(rounds * ids.length);
    for (const id of ids) expect(await versionsOf(id)).toEqual([rounds + 2, rounds + 1]);
  });
});
