import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { BATCH_BODY_LIMITS, OPERATIONS_MAX } from '../../../src/items/batch/batch.limits.js';
import type { Answer } from '../../support/answer.js';
import type { CallOptions } from '../../support/caller.js';
import type { Result } from '../../support/batches/single-requests.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { fillStorage, holdWriteLock, refuseName, type Mend } from '../../support/database/faults.js';
import { slowItem } from '../../support/database/slow-item.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
let mend: Mend | undefined;
beforeAll(async () => {
  service = await startTestApp();
});
afterEach(async () => {
  await mend?.();
  mend = undefined;
});
afterAll(() => service?.close());

const batch = (atomic: unknown, operations: unknown, options?: CallOptions, to = service) =>
  to.api.post('/batch', { atomic, operations }, options);
const resultsOf = ({ json }: Answer) => json.results as unknown as Result[];
const statusesIn = (answer: Answer) => resultsOf(answer).map(({ status }) => status);
const put = (id: string, name: string, more: object = {}) => ({ method: 'PUT', id, body: { name }, ...more });
const remove = (id: string, more: object = {}) => ({ method: 'DELETE', id, ...more });
const feed = async () => (await service.api.get('/changes?limit=1000')).expect(200).json;
const history = (to = service) =>
  queryDirectly(to.config.database, 'SELECT item_id, version, operation FROM item_versions ORDER BY seq');

describe('POST /batch with atomic', () => {
  it('[N1] 200 with the status, header fields and body of each operation, in their order', async () => {
    (await service.api.put('/items/n1', { name: 'old' })).expect(201);
    const answer = await batch(true, [
      { method: 'POST', body: { id: 'n1-new', name: 'x' } },
      put('n1', 'new'),
      { method: 'PATCH', id: 'n1', body: { tags: ['t'] } },
      remove('n1-new'),
    ]);
    const [created, replaced, patched, deleted] = resultsOf(answer.expect(200));
    expect(created).toMatchObject({
      status: 201,
      headers: { ETag: expect.stringMatching(/^"1-/), Location: '/items/n1-new' },
      body: { id: 'n1-new', version: 1 },
    });
    expect(replaced).toMatchObject({
      status: 200,
      headers: { 'Content-Location': '/items/n1' },
      body: { name: 'new' },
    });
    expect(Object.keys(replaced!.headers)).toEqual(['Content-Location']);
    expect(patched).toMatchObject({ status: 200, body: { version: 3, tags: ['t'] } });
    expect(patched?.headers.ETag).toBe(await service.api.entityTagOf('/items/n1'));
    expect(deleted).toEqual({ status: 204, headers: {} });
  });

  it.each([
    [404, 'item-not-found', remove('n2-none'), ''],
    [409, 'item-exists', { method: 'POST', body: { id: 'n2', name: 'x' } }, ''],
    [409, 'item-id-differs', { method: 'PUT', id: 'n2', body: { id: 'other', name: 'x' } }, '/body/id'],
    [409, 'item-version-differs', { method: 'PUT', id: 'n2', body: { name: 'x', version: 7 } }, '/body/version'],
    [
      409,
      'patch-does-not-apply',
      {
        method: 'PATCH',
        id: 'n2',
        contentType: 'application/json-patch+json',
        body: [{ op: 'test', path: '/name', value: '-' }],
      },
      '/body/0',
    ],
    [412, 'precondition-failed', put('n2', 'x', { ifMatch: '"0-00000000"' }), ''],
    [412, 'precondition-failed', put('n2', 'x', { ifNoneMatch: '*' }), ''],
    [422, 'patch-result-invalid', { method: 'PATCH', id: 'n2', body: { name: '' } }, '/body/name'],
    [400, 'invalid-body', put('n2', ''), '/body/name'],
    [400, 'invalid-body', { method: 'PUT', id: 'n2' }, '/body'],
    [400, 'invalid-path', put('n 2', 'x'), '/id'],
    [400, 'malformed-precondition', put('n2', 'x', { ifMatch: 'tag' }), '/ifMatch'],
    [400, 'unexpected-content', remove('n2', { body: {} }), ''],
    [415, 'unsupported-media-type', put('n2', 'x', { contentType: 'text/plain' }), ''],
    [415, 'unsupported-patch-type', { method: 'PATCH', id: 'n2', contentType: 'text/plain', body: {} }, ''],
  ])(
    '[N2] %i %s of the first operation that is refused, with its pointer, and nothing is written',
    async (status, code, operation, place) => {
      await service.api.put('/items/n2', { name: 'n2' });
      const before = [await history(), await feed()];
      const answer = await batch(true, [put('n2', 'changed'), put('n2-new', 'x'), operation, remove('n2-none')]);
      // A condition is judged after the change before it, which is no success here.
      expect(answer.expect(status, code).json.errors[0].pointer).toBe(`/operations/2${place}`);
      expect([await history(), await feed()]).toEqual(before);
      expect((await service.api.get('/items/n2')).expect(200).json.name).toBe('n2');
    },
  );

  it('[N2] what is refused whatever the state is comes first, of that the first', async () => {
    const answer = await batch(true, [remove('n2-none'), put('n2', 'x'), put('n2', ''), put(' ', 'x')]);
    expect(answer.expect(400, 'invalid-body').json.errors[0].pointer).toBe('/operations/2/body/name');
  });

  it('428 where a change must name its version, and 200 with it', async () => {
    const strict = await startTestApp({ requirePreconditions: true });
    const create = put('a', 'x', { ifNoneMatch: '*' });
    const refused = await batch(true, [create, put('a', 'y')], {}, strict);
    expect(refused.expect(428, 'precondition-required').json.errors[0].pointer).toBe('/operations/1');
    expect(await history(strict)).toEqual([]);
    (await batch(true, [create, put('a', 'y', { ifMatch: '*' })], {}, strict)).expect(200);
    await strict.close();
  });

  it('400 query-too-slow if a POST compares the list with what the client has, and that takes too long', async () => {
    const { database } = service.config;
    const limited = await startTestApp({ database: { ...database, queryTimeoutMs: 300 } });
    (await limited.api.put('/items/slow', { name: 'x' })).expect(201);
    mend = await slowItem(database, 'slow');
    const create = { method: 'POST', ifNoneMatch: '"a"', body: { id: 'slow-new', name: 'x' } };
    (await batch(true, [create], {}, limited)).expect(400, 'query-too-slow');
    expect(statusesIn((await batch(false, [create, create], {}, limited)).expect(207))).toEqual([400, 400]);
    await mend();
    mend = undefined;
    expect(statusesIn((await batch(false, [create, create], {}, limited)).expect(207))).toEqual([201, 409]);
    await limited.close();
  });
});

describe('POST /batch without atomic', () => {
  it('[N3] 207 with the exact status of each, whatever becomes of them', async () => {
    const answer = await batch(false, [put('n3', 'x'), remove('n3-none'), put('n3', 'y'), put('n3', ''), remove('n3')]);
    expect(statusesIn(answer.expect(207))).toEqual([201, 404, 200, 400, 204]);
    expect(resultsOf(answer)[3]?.body?.errors).toMatchObject([{ pointer: '/operations/3/body/name' }]);
    expect(statusesIn((await batch(false, [put('n3', 'x')])).expect(207))).toEqual([201]);
    expect(statusesIn((await batch(false, [put('n3', '')])).expect(207))).toEqual([400]);
  });

  it('[N6] conditions are judged for each operation, on what those before it left', async () => {
    (await service.api.put('/items/n6', { name: 'x' })).expect(201);
    const ifMatch = await service.api.entityTagOf('/items/n6');
    const answer = await batch(false, [
      put('n6', 'y', { ifMatch }),
      put('n6', 'z', { ifMatch }),
      put('n6', 'z', { ifNoneMatch: '*' }),
      put('n6', 'z', { ifMatch: '*' }),
    ]);
    expect(statusesIn(answer.expect(207))).toEqual([200, 412, 412, 200]);
  });

  it('[N7] operations on one id act in their order', async () => {
    const create = { method: 'POST', id: 'n7', body: { id: 'n7', name: 'x' } };
    const patch = { method: 'PATCH', id: 'n7', body: { name: 'y' } };
    const answer = await batch(false, [patch, create, create, patch, patch, remove('n7'), remove('n7'), create]);
    expect(statusesIn(answer.expect(207))).toEqual([404, 201, 409, 200, 200, 204, 404, 201]);
    expect((await service.api.get('/items/n7')).expect(200).json).toMatchObject({ name: 'x', version: 4 });
  });

  it('[N28] an operation whose data the database refuses fails alone, as does an atomic batch', async () => {
    mend = await refuseName(service, 'poison');
    const beside = service.api.put('/items/n28-beside', { name: 'x' });
    const answer = await batch(false, [put('n28', 'x'), put('n28-b', 'poison'), put('n28', 'y')]);
    expect(statusesIn(answer.expect(207))).toEqual([201, 500, 200]);
    expect(resultsOf(answer)[1]?.body).toMatchObject({ code: 'unexpected', status: 500 });
    (await beside).expect(201);
    const before = await history();
    const [whole, other] = await Promise.all([
      batch(true, [put('n28', 'z'), put('n28-b', 'poison')]),
      batch(true, [put('n28-c', 'x')]),
    ]);
    whole.expect(500, 'unexpected');
    other.expect(200);
    expect(await history()).toEqual([...before, { item_id: 'n28-c', version: 1, operation: 'create' }]);
  });

  it('[N33] while the database is full or busy: 507 and 503 if it is atomic, else of each operation, and nothing is written', async () => {
    const large = { method: 'PUT', id: 'full', body: { name: 'large', attributes: { text: 'x'.repeat(10_000) } } };
    const malformed = put('full', '');
    mend = await fillStorage(service);
    const before = await history();
    (await batch(true, [large])).expect(507, 'storage-full');
    const full = (await batch(false, [large, malformed, large])).expect(207);
    expect(
      resultsOf(full).map(({ status, headers, body }) => [status, headers, (body as { code: string }).code]),
    ).toEqual([
      [507, {}, 'storage-full'],
      [400, {}, 'invalid-body'],
      [507, {}, 'storage-full'],
    ]);
    await mend();
    mend = await holdWriteLock(service.config.database);
    const [busyAsOne, busy] = await Promise.all([
      batch(true, [put('busy', 'x')]),
      batch(false, [put('busy', 'x'), malformed]),
    ]);
    expect(busyAsOne.expect(503, 'storage-unavailable').headers['retry-after']).toBe('1');
    expect(resultsOf(busy.expect(207)).map(({ status, headers }) => [status, headers])).toEqual([
      [503, { 'Retry-After': '1' }],
      [400, {}],
    ]);
    await mend();
    mend = undefined;
    expect(await history()).toEqual(before);
  });
});

describe('the form of a batch', () => {
  const one = put('form', 'x');
  it.each<[string, string, unknown]>([
    ['', 'type', []],
    ['', 'type', null],
    ['/atomic', 'required', { operations: [one] }],
    ['/atomic', 'type', { atomic: 'true', operations: [one] }],
    ['/operations', 'required', { atomic: false }],
    ['/operations', 'type', { atomic: false, operations: {} }],
    ['/operations', 'count', { atomic: false, operations: [] }],
    ['/more', 'unknown', { atomic: false, operations: [one], more: 1 }],
    ['/operations/1', 'type', { atomic: false, operations: [one, 'DELETE'] }],
    ['/operations/0/method', 'required', { atomic: false, operations: [{ id: 'a' }] }],
    ['/operations/1/method', 'enum', { atomic: false, operations: [one, { ...one, method: 'GET' }] }],
    ['/operations/0/id', 'required', { atomic: false, operations: [{ method: 'DELETE' }] }],
    ['/operations/0/id', 'type', { atomic: false, operations: [{ method: 'DELETE', id: 7 }] }],
    ['/operations/0/id', 'length', { atomic: false, operations: [{ method: 'DELETE', id: 'a'.repeat(8_193) }] }],
    [
      '/operations/0/id',
      'equal',
      { atomic: false, operations: [{ method: 'POST', id: 'a', body: { id: 'b', name: 'x' } }] },
    ],
    ['/operations/1/ifMatch', 'type', { atomic: false, operations: [one, { ...one, ifMatch: null }] }],
    ['/operations/0/headers', 'unknown', { atomic: false, operations: [{ ...one, headers: {} }] }],
  ])('[N20] 400 at %s, rule %s, and nothing is done', async (pointer, rule, json) => {
    const before = await history();
    const { errors } = (await service.api.post('/batch', json)).expect(400, 'invalid-body').json;
    expect(errors).toMatchObject([{ pointer, rule }]);
    expect(await history()).toEqual(before);
  });

  it('[N20] 400 with the position of each fault, also of the name __proto__, which no member can have', async () => {
    const body = '{"atomic":true,"operations":[{"method":"DELETE","id":"a","__proto__":1},{"method":"GET","id":"a"}]}';
    const answer = await service.api.call('POST', '/batch', { body, headers: { 'content-type': 'application/json' } });
    expect(answer.expect(400, 'invalid-body').json.errors).toMatchObject([
      { pointer: '/operations/0/__proto__', rule: 'reserved-name', position: body.indexOf('1}') },
      { pointer: '/operations/1/method', rule: 'enum', position: body.indexOf('"GET"') },
    ]);
  });

  it('[N34] of a member that comes twice the last one counts', async () => {
    const body =
      '{"atomic":true,"operations":[],"atomic":false,"operations":' +
      '[{"method":"DELETE","id":"","method":"PUT","id":"n34","body":1,"body":{"name":"x","name":"last"}}]}';
    const options = { headers: { 'content-type': 'application/json' }, body };
    expect(statusesIn((await service.api.call('POST', '/batch', options)).expect(207))).toEqual([201]);
    expect((await service.api.get('/items/n34')).expect(200).json).toMatchObject({ name: 'last' });
  });

  it(`[N5] 400 that names the limit for more than ${OPERATIONS_MAX} operations, and 207 for as many`, async () => {
    const many = Array.from({ length: OPERATIONS_MAX + 1 }, (_, n) => remove(`n5-${n}`));
    const { errors } = (await batch(true, many)).expect(400, 'invalid-body').json;
    expect(errors[0]).toMatchObject({ pointer: '/operations', rule: 'count', detail: expect.stringContaining('500') });
    expect(statusesIn((await batch(false, many.slice(1))).expect(207))).toEqual(Array(OPERATIONS_MAX).fill(404));
  });

  it('[N5] 413 for more than 2 MiB, packed or not; an operation of more than 1 MiB is 413 as it would be alone', async () => {
    const spaces = (bytes: number) => ' '.repeat(bytes);
    const text = `{"atomic":false,"operations":[${JSON.stringify(put('n5', 'x'))}]}`;
    const send = (body: string | Buffer, headers = {}) =>
      service.api.call('POST', '/batch', { body, headers: { 'content-type': 'application/json', ...headers } });
    const { bytes } = BATCH_BODY_LIMITS;
    (await send(text.padEnd(bytes))).expect(207);
    (await send(text.padEnd(bytes + 1))).expect(413, 'body-too-large');
    const packed = gzipSync(text.padEnd(bytes + 1));
    (await send(packed, { 'content-encoding': 'gzip' })).expect(413, 'body-too-large');
    const large = `{"name":${spaces(1_048_576)}"x"}`;
    const answer = await send(
      `{"atomic":false,"operations":[{"method":"PUT","id":"n5","body":${large}},${JSON.stringify(put('n5', 'y'))}]}`,
    );
    expect(statusesIn(answer.expect(207))).toEqual([413, 200]);
    expect(resultsOf(answer)[0]).toMatchObject({
      headers: {},
      body: { code: 'body-too-large', limitBytes: 1_048_576 },
    });
    const refused = await send(`{"atomic":true,"operations":[{"method":"PUT","id":"n5","body":${large}}]}`);
    expect(refused.expect(413, 'body-too-large').headers.connection).toBe('close');
    (
      await service.api.call('PUT', '/items/n5', { body: large, headers: { 'content-type': 'application/json' } })
    ).expect(413, 'body-too-large');
  });

  it('[N5] 400 for more than 100,000 values; an operation of more than 20,000 is 400 as it would be alone', async () => {
    const values = (count: number) => Array.from({ length: count }, () => 1);
    (await batch(false, [{ method: 'PUT', id: 'a', body: { name: 'x', attributes: { a: values(100_000) } } }])).expect(
      400,
      'invalid-body',
    );
    const answer = await batch(false, [
      put('n5-values', 'x'),
      { method: 'PUT', id: 'n5-many', body: { name: 'x', attributes: { a: values(20_000) } } },
    ]);
    const [, refused] = resultsOf(answer.expect(207));
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/operations/1/body', rule: 'count' }] },
    });
    expect(statusesIn(answer)).toEqual([201, 400]);
  });

  it('lists at most 2,000 faults of all operations together, and of each at least one', async () => {
    const members = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`m${n}`, 1]));
    const answer = await batch(
      false,
      Array.from({ length: 40 }, () => ({ method: 'PUT', id: 'a', body: members })),
    );
    const lengths = resultsOf(answer.expect(207)).map(({ body }) => body?.errors?.length ?? 0);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(2_000 + 40);
    expect(lengths[0]).toBe(91);
    expect(lengths.at(-1)).toBe(1);
    expect(resultsOf(answer).at(-1)?.body).toMatchObject({ moreErrors: 90 });
  });
});

describe('header fields of a batch', () => {
  it('[N21] Prefer: return=minimal leaves bodies out, as it does of each request alone', async () => {
    const headers = { prefer: 'return=minimal' };
    for (const atomic of [true, false]) {
      const operations = [
        put(`n21-${atomic}`, 'x'),
        put(`n21-${atomic}`, 'y'),
        { method: 'PATCH', id: `n21-${atomic}`, body: {} },
      ];
      const answer = (await batch(atomic, operations, { headers })).expect(atomic ? 200 : 207);
      expect(answer.headers['preference-applied']).toBe('return=minimal');
      expect(resultsOf(answer)).toMatchObject([{ status: 201 }, { status: 204 }, { status: 204 }]);
      for (const result of resultsOf(answer)) {
        expect(result).not.toHaveProperty('body');
        expect(result.headers['Preference-Applied']).toBe('return=minimal');
      }
    }
    const refused = (await batch(false, [remove('n21-none')], { headers })).expect(207);
    expect(resultsOf(refused)[0]?.body).toMatchObject({ code: 'item-not-found' });
  });

  it('[N22] 412 for If-Match, since there is nothing to match; If-None-Match holds; 400 if one is malformed', async () => {
    for (const [field, value, status, code] of [
      ['if-match', '*', 412, 'precondition-failed'],
      ['if-match', '"1-00000000"', 412, 'precondition-failed'],
      ['if-match', 'tag', 400, 'malformed-precondition'],
      ['if-none-match', '*', 207, undefined],
      ['if-unmodified-since', 'Thu, 01 Jan 1970 00:00:00 GMT', 207, undefined],
    ] as const) {
      const before = await history();
      (await batch(false, [put(`n22-${field}`, 'x')], { headers: { [field]: value } })).expect(status, code);
      expect(await history()).toHaveLength(before.length + (status === 207 ? 1 : 0));
    }
  });

  it('[N26] counts as many writes as it has operations: 429 if not all are left, and then none is done or counted', async () => {
    const limited = await startTestApp({ rateLimits: { read: null, write: { quota: 10, windowSeconds: 3_600 } } });
    const many = (count: number) => Array.from({ length: count }, (_, n) => put(`n${n}`, 'x'));
    const left = ({ headers }: Answer) => /r=(\d+)/.exec(String(headers.ratelimit))?.[1];
    expect(left((await batch(true, many(4), {}, limited)).expect(200))).toBe('6');
    const before = await history(limited);
    const refused = (await batch(false, many(7), {}, limited)).expect(429, 'quota-exceeded');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_000);
    expect(refused.json).toMatchObject({ retryable: true, violatedPolicies: ['write'] });
    // The request itself was counted when its head came.
    expect(left(refused)).toBe('5');
    expect(await history(limited)).toEqual(before);
    expect(left((await batch(false, many(4), {}, limited)).expect(207))).toBe('1');
    await limited.close();
  });

  it('[N35] 429 without Retry-After for more operations than a whole window allows', async () => {
    const limited = await startTestApp({ rateLimits: { read: null, write: { quota: 10, windowSeconds: 3_600 } } });
    const tooMany = (
      await batch(
        false,
        Array.from({ length: 11 }, (_, n) => put(`n${n}`, 'x')),
        {},
        limited,
      )
    ).expect(429, 'quota-too-small');
    expect(tooMany.json).toMatchObject({
      retryable: false,
      detail: expect.stringContaining('at most 10 operations'),
    });
    expect(tooMany.headers).not.toHaveProperty('retry-after');
    // A whole window is enough for one fewer.
    const soMany = Array.from({ length: 10 }, (_, n) => put(`n${n}`, 'x'));
    (await batch(false, soMany, {}, limited)).expect(429, 'quota-exceeded');
    expect(await history(limited)).toEqual([]);
    await limited.close();
  });
});
