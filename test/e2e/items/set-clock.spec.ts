import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../../../src/database/database.js';
import { HistoryTrimming } from '../../../src/items/history-trimming.js';
import { FeedHead } from '../../../src/items/changes/feed-head.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp({ auth: 'required', historyRetentionDays: 7 });
  service.api = service.api.with(bearer(KEYS.all));
});
afterAll(() => service?.close());

/** Somebody sets the clock, ahead or back. No time passes. */
const set = (ms: number) => {
  const { clock } = service;
  clock.now = new Date(clock.now.getTime() + ms);
  clock.setBackMs -= ms;
};
const START = new Date('2026-01-02T03:04:05.678Z');
afterEach(() => set(START.getTime() - service.clock.now.getTime()));
const pass = (ms: number) => void (service.clock.now = new Date(service.clock.now.getTime() + ms));
const put = (id: string, name: string, headers = {}) => service.api.put(`/items/${id}`, { name }, { headers });
const now = () => service.clock.now.toISOString();

describe('a clock that is set back by a day', () => {
  it('[P69] versions rise, and the times of an item don’t fall', async () => {
    const before = (await put('a', 'one')).expect(201).json;
    set(-DAY_MS);
    const after = (await put('a', 'two')).expect(200).json;
    expect(after).toMatchObject({ version: 2, createdAt: before.createdAt, updatedAt: before.updatedAt });
    expect((await put('b', 'one')).expect(201).json).toMatchObject({ version: 1, createdAt: now() });
    (await service.api.delete('/items/a')).expect(204);
    const { versions } = (await service.api.get('/items/a/versions')).expect(200).json;
    expect(versions.map(({ version, at }: { version: number; at: string }) => [version, at])).toEqual(
      [3, 2, 1].map((version) => [version, before.updatedAt]),
    );
    pass(DAY_MS + 1_000);
    expect((await put('a', 'three')).expect(201).json).toMatchObject({ version: 4, updatedAt: now() });
  });

  it('[P69] positions of the feed rise, and cursors of lists go on, whatever the times are', async () => {
    for (const id of ['l-a', 'l-b', 'l-c']) (await put(id, id)).expect(201);
    const { position } = (await service.api.get('/changes/latest')).expect(200).json;
    const first = (await service.api.get('/items?ids=l-a,l-b,l-c,l-d&sort=-updatedAt&limit=2')).expect(200).json;
    set(-DAY_MS);
    (await put('l-d', 'l-d')).expect(201);
    (await put('l-a', 'again')).expect(200);
    const { changes } = (await service.api.get(`/changes?after=${position}`)).expect(200).json;
    expect(changes.map(({ id }: { id: string }) => id)).toEqual(['l-d', 'l-a']);
    const rest = (
      await service.api.get(`/items?ids=l-a,l-b,l-c,l-d&sort=-updatedAt&limit=2&cursor=${first.next}`)
    ).expect(200).json;
    const ids = [...first.items, ...rest.items].map(({ id }: { id: string }) => id);
    expect(ids.toSorted()).toEqual(['l-a', 'l-b', 'l-c', 'l-d']);
  });

  it('[P69] repeats under keys get their first answers, those from before and those since', async () => {
    const repeated = async (id: string) =>
      (await put(id, 'x', { 'idempotency-key': id })).headers['idempotency-replayed'];
    expect(await repeated('before')).toBeUndefined();
    set(-DAY_MS);
    expect(await repeated('before')).toBe('true');
    expect(await repeated('since')).toBeUndefined();
    expect(await repeated('since')).toBe('true');
    set(DAY_MS);
    expect([await repeated('before'), await repeated('since')]).toEqual(['true', 'true']);
  });
});

describe.each([
  ['back', -DAY_MS],
  ['ahead', DAY_MS],
])('a clock that is set %s by a day', (name, ms) => {
  it('[P69] keys that don’t expire are accepted, and nothing young is trimmed', async () => {
    const id = `kept-${name}`;
    for (const text of ['one', 'two']) await put(id, text);
    set(ms);
    (await service.api.get(`/items/${id}`)).expect(200);
    pass(6_000);
    (await service.api.get(`/items/${id}`)).expect(200);
    (await service.api.with(bearer(KEYS.stranger)).get(`/items/${id}`)).expect(403, 'insufficient-scope');
    expect(await service.app.get(HistoryTrimming).trimDue()).toBe(0);
    (await service.api.get(`/items/${id}/versions/1`)).expect(200);
  });

  it('[P69] what readiness found counts for a second, as before', async () => {
    const database = service.app.get(Database);
    const found = database.state.bind(database);
    let looks = 0;
    database.state = () => {
      looks += 1;
      return found();
    };
    pass(1_000);
    (await service.api.get('/health/ready')).expect(200);
    set(ms);
    (await service.api.get('/health/ready')).expect(200);
    expect(looks).toBe(1);
    pass(1_000);
    (await service.api.get('/health/ready')).expect(200);
    expect(looks).toBe(2);
    database.state = found;
  });

  it('[P69] a long poll waits as long as it was to', async () => {
    const { position } = (await service.api.get('/changes/latest')).expect(200).json;
    let isOver = false;
    const poll = service.api.get(`/changes?after=${position}&wait=20`).finally(() => (isOver = true));
    const head = service.app.get(FeedHead);
    while (head.followers.size === 0) await delay(2);
    set(ms);
    await ticks(head, 2);
    expect(isOver).toBe(false);
    pass(20_000);
    expect((await poll).expect(200).json.changes).toEqual([]);
  });
});

/** Waits until the head of the feed has told the time so many times. */
function ticks(head: FeedHead, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const nothing = () => undefined;
    const tick = () => {
      left -= 1;
      if (left > 0) return;
      head.leave(watcher);
      resolve();
    };
    const watcher = { take: nothing, lose: nothing, fail: nothing, tick };
    head.attend(watcher);
  });
}
