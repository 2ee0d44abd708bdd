import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../support/answer.js';
import type { CallOptions } from '../../support/caller.js';
import type { Result } from '../../support/batches/single-requests.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { holdWriteLock, type Mend } from '../../support/database/faults.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const HOUR_MS = 3_600_000;

let service: TestApp;
let mend: Mend | undefined;
beforeAll(async () => {
  service = await startTestApp({ historyRetentionDays: 1, idempotencyTtlHours: 48 });
});
afterEach(async () => {
  await mend?.();
  mend = undefined;
});
afterAll(() => service?.close());

const batch = (atomic: boolean, operations: object[], options?: CallOptions) =>
  service.api.post('/batch', { atomic, operations }, options);
const under = (key: string, more: Record<string, string> = {}) => ({ headers: { 'idempotency-key': key, ...more } });
const resultsOf = ({ json }: Answer) => json.results as unknown as Result[];
const put = (id: string, name: string, more: object = {}) => ({ method: 'PUT', id, body: { name }, ...more });
const versionsOf = (pattern: string) =>
  queryDirectly(service.config.database, `SELECT version FROM item_versions WHERE item_id LIKE '${pattern}'`);
const recordsOf = (key: string) =>
  queryDirectly(
    service.config.database,
    `SELECT position, status FROM idempotency_keys WHERE key = '${key}' ORDER BY position`,
  );

describe('an atomic batch under an Idempotency-Key', () => {
  it('[N23] is carried out once, and a repeat gets all its answers again, whatever became of the items', async () => {
    (await service.api.put('/items/n23-old', { name: 'x' })).expect(201);
    const operations = [
      put('n23', 'x'),
      { method: 'POST', body: { id: 'n23-new', name: 'x' } },
      put('n23-old', 'x'),
      { method: 'PATCH', id: 'n23-old', body: { name: 'y' } },
      { method: 'DELETE', id: 'n23' },
      put('n23', 'z'),
    ];
    const first = (await batch(true, operations, under('n23'))).expect(200);
    expect(resultsOf(first).map(({ status }) => status)).toEqual([201, 201, 200, 200, 204, 201]);
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    const made = await versionsOf('n23%');
    service.clock.now = new Date(service.clock.now.getTime() + 1_000);
    for (const id of ['n23', 'n23-new', 'n23-old'])
      (await service.api.put(`/items/${id}`, { name: 'other' })).expect(200);
    (await service.api.delete('/items/n23-old')).expect(204);
    const again = (await batch(true, operations, under('"n23"'))).expect(200);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await versionsOf('n23%')).toHaveLength(made.length + 4);
    expect((await recordsOf('n23')).map(({ position, status }) => [position, status])).toEqual(
      [201, 201, 200, 200, 204, 201].map((status, position) => [position, status]),
    );
  });

  it('[N23] keeps the preference that was applied, and 422 to another batch or request under the key', async () => {
    const operations = [put('n23-minimal', 'x'), put('n23-minimal', 'y')];
    const first = (await batch(true, operations, under('n23-minimal', { prefer: 'return=minimal' }))).expect(200);
    const again = (await batch(true, operations, under('n23-minimal', { prefer: 'return=representation' }))).expect(
      200,
    );
    expect(again.headers['preference-applied']).toBe('return=minimal');
    expect(again.text).toBe(first.text);
    (await batch(true, operations.slice(1), under('n23-minimal'))).expect(422, 'idempotency-key-reused');
    (await service.api.put('/items/n23-minimal', { name: 'y' }, under('n23-minimal'))).expect(
      422,
      'idempotency-key-reused',
    );
  });

  it('[N23] that was refused leaves the key free', async () => {
    (await batch(true, [put('n23-free', 'x'), { method: 'DELETE', id: 'n23-none' }], under('n23-free'))).expect(
      404,
      'item-not-found',
    );
    expect(await recordsOf('n23-free')).toEqual([]);
    const answer = (await batch(true, [put('n23-free', 'x')], under('n23-free'))).expect(200);
    expect(answer.headers).not.toHaveProperty('idempotency-replayed');
  });

  it('[N23] 409 while the first still runs', async () => {
    mend = await holdWriteLock(service.config.database);
    const both = [1, 2].map(() => batch(true, [put('n23-running', 'x')], under('n23-running')));
    (await Promise.race(both)).expect(409, 'idempotency-key-in-use');
    await mend();
    mend = undefined;
    expect((await Promise.all(both)).map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it('[N31] keeps the versions that its answers are made from, and expires as a whole', async () => {
    const start = service.clock.now.getTime();
    const operations = [put('n31-a', 'x'), put('n31-b', 'x')];
    const first = (await batch(true, operations, under('n31'))).expect(200);
    for (const name of ['y', 'z']) (await batch(true, [put('n31-a', name), put('n31-b', name)])).expect(200);
    const { HistoryTrimming } = await import('../../../src/items/history-trimming.js');
    const trimAfter = async (hours: number) => {
      service.clock.now = new Date(start + hours * HOUR_MS);
      await service.app.get(HistoryTrimming).trimDue();
    };
    await trimAfter(47);
    expect((await batch(true, operations, under('n31'))).expect(200).text).toBe(first.text);
    await trimAfter(49);
    expect(await versionsOf('n31%')).toHaveLength(2);
    expect(await recordsOf('n31')).toEqual([]);
    (await batch(true, operations, under('n31'))).expect(200);
    service.clock.now = new Date(start);
  });
});

describe('a batch under a key, one of whose items was erased', () => {
  it('[N32] 410 to its repeat as a whole, and to that of an operation', async () => {
    const { api } = service;
    const whole = [put('n32', 'x'), put('n32-other', 'x')];
    (await batch(true, whole, under('n32'))).expect(200);
    (await batch(false, [put('n32', 'y', { idempotencyKey: 'n32-one' })])).expect(207);
    (await api.delete('/items/n32')).expect(204);
    (await api.delete('/items/n32/versions')).expect(204);
    (await batch(true, whole, under('n32'))).expect(410, 'answer-erased');
    const repeat = (await batch(false, [put('n32', 'y', { idempotencyKey: 'n32-one' }), put('n32-other', 'z')])).expect(
      207,
    );
    expect(resultsOf(repeat)).toMatchObject([{ status: 410, body: { code: 'answer-erased' } }, { status: 200 }]);
    const left = await queryDirectly(
      service.config.database,
      "SELECT fingerprint FROM idempotency_keys WHERE key IN ('n32', 'n32-one')",
    );
    expect(left).toEqual([{ fingerprint: '' }, { fingerprint: '' }, { fingerprint: '' }]);
  });
});

describe('operations of an independent batch under keys of their own', () => {
  it('[N24] are each carried out once: in a repeat of the batch, in another batch, and as the request alone', async () => {
    const keyed = (id: string) => put(id, 'x', { idempotencyKey: `key of ${id}`.replaceAll(' ', '-') });
    const first = (await batch(false, [keyed('n24-a'), put('n24-b', 'x'), keyed('n24-c')])).expect(207);
    expect(resultsOf(first).map(({ status }) => status)).toEqual([201, 201, 201]);
    const again = (await batch(false, [keyed('n24-c'), keyed('n24-a'), keyed('n24-d')])).expect(207);
    const replayed = { 'Idempotency-Replayed': 'true', 'Content-Location': expect.any(String) };
    expect(resultsOf(again)).toEqual([
      { ...resultsOf(first)[2], headers: replayed },
      { ...resultsOf(first)[0], headers: replayed },
      { status: 201, headers: { 'Content-Location': '/items/n24-d' }, body: expect.objectContaining({ version: 1 }) },
    ]);
    const alone = (await service.api.put('/items/n24-a', { name: 'x' }, under('key-of-n24-a'))).expect(201);
    expect(alone.headers['idempotency-replayed']).toBe('true');
    (await service.api.put('/items/n24-e', { name: 'x' }, under('key-of-n24-e'))).expect(201);
    expect(resultsOf((await batch(false, [keyed('n24-e')])).expect(207))[0]).toMatchObject({
      status: 201,
      headers: replayed,
    });
    expect(await versionsOf('n24%')).toHaveLength(5);
  });

  it('[N24] twice in one batch: the second gets the first one’s answer, another operation 422', async () => {
    const key = { idempotencyKey: 'n24-twice' };
    const same = put('n24-twice', 'x', key);
    const answer = (
      await batch(false, [same, same, put('n24-twice', 'y', key), { method: 'DELETE', id: 'n24-twice' }, same])
    ).expect(207);
    expect(resultsOf(answer).map(({ status, headers }) => [status, headers['Idempotency-Replayed']])).toEqual([
      [201, undefined],
      [201, 'true'],
      [422, undefined],
      [204, undefined],
      [201, 'true'],
    ]);
    expect(resultsOf(answer)[2]?.body?.errors).toMatchObject([{ pointer: '/operations/2/idempotencyKey' }]);
    expect(await versionsOf('n24-twice')).toHaveLength(2);
  });

  it('[N24] 409 for an operation whose key a running request has, and the others are carried out', async () => {
    mend = await holdWriteLock(service.config.database);
    const running = service.api.put('/items/n24-running', { name: 'x' }, under('n24-running'));
    const other = batch(false, [put('n24-running', 'x', { idempotencyKey: 'n24-running' }), put('n24-beside', 'x')]);
    // Which of them is first is not certain.
    await new Promise(setImmediate);
    await mend();
    mend = undefined;
    const [{ status }, answer] = await Promise.all([running, other]);
    const statuses = resultsOf(answer.expect(207)).map((result) => result.status);
    expect(statuses[1]).toBe(201);
    expect([status, statuses[0]]).toContain(201);
    expect(await versionsOf('n24-running')).toHaveLength(1);
  });

  it('[N24] 400 for a malformed key of an operation, and the others are carried out', async () => {
    const answer = (
      await batch(false, [put('n24-bad', 'x', { idempotencyKey: 'two words' }), put('n24-good', 'x')])
    ).expect(207);
    expect(resultsOf(answer)).toMatchObject([
      { status: 400, body: { code: 'invalid-idempotency-key', errors: [{ pointer: '/operations/0/idempotencyKey' }] } },
      { status: 201 },
    ]);
  });
});

describe('a key in the other place', () => {
  it('[N25] 400, and nothing is done', async () => {
    const header = (await batch(false, [put('n25', 'x')], under('n25'))).expect(400, 'misplaced-idempotency-key');
    expect(header.json.errors).toMatchObject([{ header: 'Idempotency-Key' }]);
    const member = (await batch(true, [put('n25', 'x'), put('n25', 'y', { idempotencyKey: 'n25' })])).expect(
      400,
      'misplaced-idempotency-key',
    );
    expect(member.json.errors).toMatchObject([{ pointer: '/operations/1/idempotencyKey' }]);
    expect(await versionsOf('n25')).toEqual([]);
  });
});
