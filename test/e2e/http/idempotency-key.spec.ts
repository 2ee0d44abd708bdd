import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../src/operations.js';
import { problemsOf } from '../../../src/contract/operation.js';
import type { Answer } from '../../support/answer.js';
import { makeItemFor, validRequest } from '../../support/coverage/requests.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { holdWriteLock, type Mend } from '../../support/database/faults.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';
import { ANONYMOUS, MAX_CALLER_LENGTH } from '../../../src/contract/caller.js';
import { NO_CONDITIONS } from '../../../src/http/fields/conditions/preconditions.js';
import { ItemsService } from '../../../src/items/items.service.js';
import { by, nameCaller } from '../../support/named-callers.js';

const HOUR_MS = 3_600_000;

let service: TestApp;
let mend: Mend | undefined;
beforeAll(async () => {
  service = await startTestApp({ allowedHosts: ['another', '127.0.0.1'] });
});
afterEach(async () => {
  await mend?.();
  mend = undefined;
});
afterAll(() => service?.close());

const under = (key: string, more: Record<string, string> = {}) => ({ headers: { 'idempotency-key': key, ...more } });
const versionsOf = (id: string) =>
  queryDirectly(service.config.database, `SELECT version FROM item_versions WHERE item_id = '${id}'`);
const recordsOf = (pattern: string) =>
  queryDirectly(service.config.database, `SELECT key FROM idempotency_keys WHERE key LIKE '${pattern}'`);

/** The parts of an answer that a repeat must give again. */
function shown({ status, headers, text }: Answer): object {
  const { etag, location, 'content-location': contentLocation, 'content-type': type } = headers;
  return { status, etag, location, contentLocation, type, text };
}

/** The operations that take a key. */
const REPEATABLE = OPERATIONS.filter((one) =>
  problemsOf(one).some(({ type }) => type.code === 'idempotency-key-reused'),
);

it('every operation that changes items can be repeated under a key', () => {
  const changes = OPERATIONS.filter(({ method }) => method !== 'GET' && method !== 'QUERY');
  expect(REPEATABLE).toEqual(changes);
  expect(changes).toHaveLength(7);
});

describe('a repeat under an Idempotency-Key', () => {
  it('[M2] gives the first answer again, marked, and is not carried out again', async () => {
    for (const operation of REPEATABLE) {
      const id = `again-${operation.id}`;
      await makeItemFor(operation, id, service.api);
      const { target, ...options } = validRequest(operation, id);
      const send = () => {
        const headers = { ...options.headers, 'idempotency-key': id };
        return service.api.call(operation.method, target, { ...options, headers });
      };
      const first = await send();
      expect(first.status).toBeLessThan(300);
      expect(first.headers['idempotency-replayed']).toBeUndefined();
      const made = await versionsOf(id);
      // Later changes by others do not show in it.
      service.clock.now = new Date(service.clock.now.getTime() + 1_000);
      await service.api.put(`/items/${id}`, { name: 'other' });
      const again = (await send()).expect(first.status);
      expect(shown(again)).toEqual(shown(first));
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(await versionsOf(id)).toHaveLength(made.length + 1);
    }
  });

  it('[M2] comes before 404 and 412: a DELETE gives its 204, a PUT with its old If-Match its 200', async () => {
    (await service.api.put('/items/before', { name: 'x' })).expect(201);
    const headers = { 'if-match': await service.api.entityTagOf('/items/before') };
    const put = () => service.api.put('/items/before', { name: 'y' }, under('before-put', headers));
    (await put()).expect(200);
    (await put()).expect(200);
    (await service.api.put('/items/before', { name: 'z' }, { headers })).expect(412, 'precondition-failed');
    for (let n = 0; n < 2; n += 1) (await service.api.delete('/items/before', under('before-delete'))).expect(204);
    (await service.api.delete('/items/before')).expect(404, 'item-not-found');
    (await put()).expect(200);
    expect(await versionsOf('before')).toHaveLength(3);
  });

  it('[M2] of a PUT that created gives 201, and of one that changed nothing 200', async () => {
    for (const [key, status] of [
      ['put-new', 201],
      ['put-same', 200],
    ] as const) {
      const put = () => service.api.put('/items/put-again', { name: 'x' }, under(key));
      expect(shown((await put()).expect(status))).toEqual(shown((await put()).expect(status)));
    }
    expect(await versionsOf('put-again')).toHaveLength(1);
  });

  it('[M2] keeps the preference that was applied, also if the repeat prefers another', async () => {
    const put = (prefer: string) => service.api.put('/items/preferred', { name: 'x' }, under('preferred', { prefer }));
    (await service.api.put('/items/preferred', { name: 'before' })).expect(201);
    (await put('return=minimal')).expect(204);
    const again = (await put('return=representation')).expect(204);
    expect(again.headers['preference-applied']).toBe('return=minimal');
    const post = (prefer: string) => service.api.post('/items', { id: 'whole', name: 'x' }, under('whole', { prefer }));
    const first = (await post('return=representation')).expect(201);
    const repeat = (await post('return=minimal')).expect(201);
    expect(repeat.text).toBe(first.text);
    expect(repeat.headers).not.toHaveProperty('preference-applied');
  });

  it('[M3] is recognized under any spelling of its target', async () => {
    (await service.api.put('/items/s:1.~k', { name: 'x' }, under('spelt'))).expect(201);
    const spellings = [
      '/items/s%3A1.~k',
      '/items/%73%3a1%2E%7e%6B',
      '/items/s:1.~k?',
      '/items/s:1.~k?&',
      '/%69tems/s:1.~k',
    ];
    for (const target of spellings.flatMap((one) => [one, `${service.api.url}${one}`, `HTTP://another${one}`])) {
      const again = (await service.api.put(target, { name: 'x' }, under('spelt'))).expect(201);
      expect(again.headers['idempotency-replayed']).toBe('true');
    }
    (await service.api.put('/items/S:1.~k', { name: 'x' }, under('spelt'))).expect(422, 'idempotency-key-reused');
    expect(await versionsOf('s:1.~k')).toHaveLength(1);
  });

  it('has the fingerprint that earlier releases recorded', async () => {
    const put = () => service.api.put('/items/pinned', { name: 'x' }, under('pinned'));
    (await put()).expect(201);
    (await service.api.delete('/items/pinned', under('pinned-delete'))).expect(204);
    const records = await queryDirectly(
      service.config.database,
      "SELECT key, fingerprint FROM idempotency_keys WHERE key LIKE 'pinned%' ORDER BY key",
    );
    expect(records).toEqual([
      { key: 'pinned', fingerprint: 'ed7uuJhhs4EtZ_OHfvDRQD5hlLpP6os7yDq9KwWvr80' },
      { key: 'pinned-delete', fingerprint: 'T6llK7-C4JLu9Juu465ew2bTePPCVbT3xacPkEr4VoQ' },
    ]);
  });

  it('[M3] 422 for another body, path, method or Content-Type under the key, and nothing changes', async () => {
    const { api } = service;
    (await api.put('/items/mine', { name: 'x' }, under('mine'))).expect(201);
    const json = '{"name":"x"}';
    const typed = (type: string) => ({ body: json, headers: { 'content-type': type, 'idempotency-key': 'mine' } });
    const others = [
      api.put('/items/mine', { name: 'y' }, under('mine')),
      api.call('PUT', '/items/mine', { ...typed('application/json'), body: `${json} ` }),
      api.call('PUT', '/items/mine', typed('application/json; charset=utf-8')),
      api.put('/items/other', { name: 'x' }, under('mine')),
      api.post('/items', { id: 'other', name: 'x' }, under('mine')),
      api.delete('/items/mine', under('mine')),
    ];
    for (const answer of await Promise.all(others)) {
      answer.expect(422, 'idempotency-key-reused');
    }
    for (const operation of REPEATABLE) {
      const { target, ...options } = validRequest(operation, 'another');
      const headers = { ...options.headers, 'idempotency-key': 'mine' };
      (await api.call(operation.method, target, { ...options, headers })).expect(422, 'idempotency-key-reused');
    }
    (await api.get('/items/other')).expect(404, 'item-not-found');
    expect(await versionsOf('mine')).toHaveLength(1);
  });

  it('[M4] 409 while the first still runs in this process, with Retry-After, and its answer afterwards', async () => {
    for (const operation of REPEATABLE) {
      const id = `running-${operation.id}`;
      await makeItemFor(operation, id, service.api);
      const { target, ...options } = validRequest(operation, id);
      const headers = { ...options.headers, 'idempotency-key': id };
      const send = () => service.api.call(operation.method, target, { ...options, headers });
      mend = await holdWriteLock(service.config.database);
      // The one that arrives first runs.
      const both = [send(), send()];
      const early = await Promise.race(both);
      expect(early.expect(409, 'idempotency-key-in-use').headers['retry-after']).toBe('1');
      await mend();
      mend = undefined;
      const first = (await Promise.all(both)).find(({ status }) => status !== 409);
      expect(first?.status).toBeLessThan(300);
      expect((await send()).expect(first?.status ?? 0).headers['idempotency-replayed']).toBe('true');
    }
  });

  it('[M5] takes a key with or without quotes, and both are equal; 400 for a malformed key', async () => {
    (await service.api.put('/items/form', { name: 'x' }, under('a-key'))).expect(201);
    const quoted = (await service.api.put('/items/form', { name: 'x' }, under('"a-key"'))).expect(201);
    expect(quoted.headers['idempotency-replayed']).toBe('true');
    for (const operation of REPEATABLE) {
      for (const key of ['', '""', '"open', 'two words', 'x'.repeat(256)]) {
        const { target, ...options } = validRequest(operation, 'form');
        const headers = { ...options.headers, 'idempotency-key': key };
        const answer = await service.api.call(operation.method, target, { ...options, headers });
        expect(answer.expect(400, 'invalid-idempotency-key').json.errors[0].header).toBe('Idempotency-Key');
      }
    }
    // Operations that take no key ignore the field.
    (await service.api.get('/items/form', under(''))).expect(200);
  });

  it('[M7] a 4xx is not remembered: the key is free again, also for another request', async () => {
    const { api } = service;
    (await api.delete('/items/later', under('free'))).expect(404, 'item-not-found');
    (await api.post('/items', { id: 'mine', name: 'x' }, under('free'))).expect(409, 'item-exists');
    (await api.post('/items', { id: 'later' }, under('free'))).expect(400, 'invalid-body');
    const answer = (await api.post('/items', { id: 'later', name: 'x' }, under('free'))).expect(201);
    expect(answer.headers['idempotency-replayed']).toBeUndefined();
  });

  it('[M9] after IDEMPOTENCY_TTL_HOURS is handled as new', async () => {
    const start = service.clock.now.getTime();
    const put = (name: string) => service.api.put('/items/expiring', { name }, under('expiring'));
    (await put('x')).expect(201);
    service.clock.now = new Date(start + 24 * HOUR_MS);
    expect((await put('x')).expect(201).headers['idempotency-replayed']).toBe('true');
    service.clock.now = new Date(start + 24 * HOUR_MS + 1);
    expect((await put('y')).expect(200).headers['idempotency-replayed']).toBeUndefined();
    expect((await put('y')).expect(200).headers['idempotency-replayed']).toBe('true');
  });

  it('[M9] the document says how long a key is remembered', async () => {
    const { paths } = (await service.api.get('/openapi.json')).expect(200).json;
    const parameters = paths['/items'].post.parameters as { name: string; description: string }[];
    const { description } = parameters.find(({ name }) => name === 'Idempotency-Key')!;
    expect(description).toMatch(/\b24 hours\b/);
  });

  it('old records are forgotten in small steps with later ones', async () => {
    const keys = Array.from({ length: 250 }, (_, n) => `old-${n}`);
    const operations = keys.map((key) => ({ method: 'PUT', id: key, idempotencyKey: key, body: { name: 'x' } }));
    (await service.api.post('/batch', { atomic: false, operations })).expect(207);
    expect(await recordsOf('old-%')).toHaveLength(250);
    service.clock.now = new Date(service.clock.now.getTime() + 25 * HOUR_MS);
    const left = async (key: string) => {
      (await service.api.put('/items/fresh', { name: key }, under(key))).expect(key === 'fresh-0' ? 201 : 200);
      return (await recordsOf('old-%')).length;
    };
    const first = await left('fresh-0');
    expect(first).toBeGreaterThan(100);
    const second = await left('fresh-1');
    expect(second).toBeLessThan(first);
    await left('fresh-2');
    expect(await left('fresh-3')).toBe(0);
    expect(await recordsOf('fresh-%')).toHaveLength(4);
  });
});

describe('an Idempotency-Key of several callers', () => {
  let shared: TestApp;
  beforeAll(async () => {
    shared = await startTestApp({}, nameCaller);
  });
  afterAll(() => shared?.close());

  // The longest name that a caller can have, with what could break a statement.
  const LONGEST = `jwt:https://issuer.example|'"\\\n${'\u{1f600}'.repeat(MAX_CALLER_LENGTH)}`;
  const CALLERS = ['key:a', 'key:b', 'key:A', 'key:a|', undefined, [...LONGEST].slice(0, MAX_CALLER_LENGTH).join('')];
  const nameOf = (caller?: string) => caller ?? ANONYMOUS;
  const recordsUnder = async (key: string) => {
    const statement = `SELECT caller, command_id FROM idempotency_keys WHERE key = '${key}'`;
    const rows = await queryDirectly(shared.config.database, statement);
    return new Map(rows.map(({ caller, command_id: command }) => [caller, command]));
  };

  it('[M6] is a key of each: every caller can use it once, and gets its own answer again', async () => {
    for (const operation of REPEATABLE) {
      const ids = CALLERS.map((_, n) => `${operation.id}-${n}`);
      for (const id of ids) await makeItemFor(operation, id, shared.api);
      const send = (caller: string | undefined, id: string) => {
        const { target, ...options } = validRequest(operation, id);
        const headers = { ...options.headers, ...by(caller), 'idempotency-key': operation.id };
        return shared.api.call(operation.method, target, { ...options, headers });
      };
      const firsts: Answer[] = [];
      for (const [n, caller] of CALLERS.entries()) {
        const first = await send(caller, ids[n]!);
        expect(first.status).toBeLessThan(300);
        expect(first.headers['idempotency-replayed']).toBeUndefined();
        firsts.push(first);
      }
      for (const [n, caller] of CALLERS.entries()) {
        const again = (await send(caller, ids[n]!)).expect(firsts[n]!.status);
        expect(shown(again)).toEqual(shown(firsts[n]!));
        expect(again.headers['idempotency-replayed']).toBe('true');
      }
      const records = await recordsUnder(operation.id);
      expect([...records.keys()].toSorted()).toEqual(CALLERS.map(nameOf).toSorted());
      expect(new Set(records.values()).size).toBe(CALLERS.length);
    }
  });

  it('[M6] never gives one caller the answer of another, not to an equal request, nor a sign that it was made', async () => {
    const { api } = shared;
    const item = { id: 'equal', name: 'secret' };
    const first = (await api.post('/items', item, under('equal', by('key:a')))).expect(201);
    (await api.delete('/items/equal')).expect(204);
    for (const caller of ['key:b', undefined]) {
      const other = (await api.post('/items', item, under('equal', by(caller)))).expect(201);
      expect(other.headers['idempotency-replayed']).toBeUndefined();
      expect(other.json.version).toBe((await api.get('/items/equal')).expect(200).json.version);
      (await api.delete('/items/equal')).expect(204);
    }
    const again = (await api.post('/items', item, under('equal', by('key:a')))).expect(201);
    expect(shown(again)).toEqual(shown(first));
    // Without the record of another caller, another request under the key is not 422 either.
    (await api.put('/items/another', { name: 'x' }, under('equal', by('key:c')))).expect(201);
    (await api.put('/items/another', { name: 'x' }, under('equal', by('key:a')))).expect(422, 'idempotency-key-reused');
  });

  it('[M6] at the same time: two requests that run beside each other, while a second of one caller is 409', async () => {
    const put = (caller?: string) => shared.api.put('/items/beside', { name: 'x' }, under('beside', by(caller)));
    mend = await holdWriteLock(shared.config.database);
    const sent = ['key:a', 'key:b', undefined, 'key:a'].map(put);
    (await Promise.race(sent)).expect(409, 'idempotency-key-in-use');
    await mend();
    mend = undefined;
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 200, 201, 409]);
    expect((await recordsUnder('beside')).size).toBe(3);
  });

  it('[M6] in one group: each request is carried out, and each is repeated by its own record', async () => {
    const items = shared.app.get(ItemsService);
    const create = (caller: string, id = 'together') => {
      const key = { caller, key: id, fingerprint: 'equal' };
      const terms = { actor: caller, requestId: 'r', conditions: NO_CONDITIONS, key };
      return items.replace(id, { name: 'x' }, terms);
    };
    const callers = Array.from({ length: 20 }, (_, n) => `key:${n}`);
    for (const isReplay of [false, true]) {
      // The others come while these are in flight.
      const ahead = [1, 2].map((n) => create('key:ahead', `ahead-${n}`));
      const done = await Promise.all(callers.map((caller) => create(caller)));
      await Promise.all(ahead);
      expect(done.map((one) => one.isReplay)).toEqual(callers.map(() => isReplay));
      expect(done.map(({ status }) => status)).toEqual(callers.map((_, n) => (n === 0 ? 201 : 200)));
    }
    const records = await recordsUnder('together');
    expect([...records.keys()].toSorted()).toEqual(callers.toSorted());
    expect(new Set(records.values()).size).toBe(callers.length);
  });
});

describe('an Idempotency-Key in two processes', () => {
  let other: TestApp;
  beforeAll(async () => {
    other = await startTestApp({ database: service.config.database });
    other.clock.now = service.clock.now;
  });
  afterAll(() => other?.close());

  it('[M4] of fifty equal requests at once one is carried out, and the others are replayed or 409', async () => {
    for (let round = 0; round < sized(2, 5); round += 1) {
      const item = { id: `raced-${round}`, name: 'x' };
      const sends = Array.from({ length: 50 }, (_, n) => {
        return (n % 2 ? service : other).api.post('/items', item, under(item.id));
      });
      const answers = await Promise.all(sends);
      const made = answers.filter(({ status }) => status === 201);
      expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
      expect(made.filter(({ headers }) => !headers['idempotency-replayed'])).toHaveLength(1);
      expect(new Set(made.map(({ text }) => text)).size).toBe(1);
      for (const answer of answers.filter(({ status }) => status === 409)) answer.expect(409, 'idempotency-key-in-use');
      expect(await versionsOf(item.id)).toHaveLength(1);
    }
  });
});
