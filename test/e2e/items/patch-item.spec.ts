import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { tagOfVersion } from '../../support/entity-tags.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const T1 = '2026-01-02T03:04:05.678Z';
const T2 = '2026-01-02T04:00:00.000Z';
const CONTENT = { name: 'x', description: 'y', tags: ['p'], attributes: { a: 1, b: { c: [1, 2] } } };

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
afterAll(() => service?.close());

async function create(id: string, content: object = CONTENT): Promise<string> {
  (await service.api.put(`/items/${id}`, content)).expect(201);
  return `/items/${id}`;
}

const historyOf = (id: string) =>
  queryDirectly(
    service.config.database,
    `SELECT version, operation FROM item_versions WHERE item_id = '${id}' ORDER BY version`,
  );

describe('PATCH /items/:id', () => {
  it('[G1] 200 with the item, its ETag and Content-Location; the rest stays', async () => {
    const target = await create('g:1');
    service.clock.now = new Date(T2);
    const answer = (await service.api.patch(target, { name: 'z', attributes: { b: { d: 3 } } })).expect(200);
    service.clock.now = new Date(T1);
    const attributes = { a: 1, b: { c: [1, 2], d: 3 } };
    const item = {
      id: 'g:1',
      name: 'z',
      description: 'y',
      tags: ['p'],
      attributes,
      version: 2,
      createdAt: T1,
      updatedAt: T2,
    };
    expect(answer.json).toEqual(item);
    expect(answer.headers).toMatchObject({
      etag: expect.stringMatching(tagOfVersion(2)),
      'content-location': '/items/g%3A1',
      'cache-control': 'no-store, no-transform',
    });
    const read = (await service.api.get(target)).expect(200);
    expect([read.text, read.headers.etag]).toEqual([answer.text, answer.headers.etag]);
    expect(await historyOf('g:1')).toEqual([
      { version: 1, operation: 'create' },
      { version: 2, operation: 'patch' },
    ]);
  });

  it('[F21] 200 for a patch that changes nothing; version, ETag and history stay', async () => {
    const target = await create('same');
    const before = (await service.api.get(target)).expect(200);
    service.clock.now = new Date(T2);
    for (const patch of [
      {},
      { name: 'x' },
      { attributes: { z: null } },
      [],
      [{ op: 'test', path: '/name', value: 'x' }],
    ]) {
      const answer = (await service.api.patch(target, patch)).expect(200);
      expect([answer.text, answer.headers.etag]).toEqual([before.text, before.headers.etag]);
    }
    service.clock.now = new Date(T1);
    expect(await historyOf('same')).toHaveLength(1);
  });

  it('[G5] 200 on the item as GET returns it, also for the whole item', async () => {
    const target = await create('whole');
    const item = (await service.api.get(target)).expect(200).json;
    const patch = [
      { op: 'test', path: '', value: item },
      { op: 'replace', path: '', value: { ...item, description: 'new' } },
    ];
    expect((await service.api.patch(target, patch)).expect(200).json).toMatchObject({ description: 'new', version: 2 });
  });

  it.each<[string, string, string, string]>([
    ['E12', 'a number that no double represents', '12345678901234567890', 'exact-number'],
    ['E11', 'U+0000', '"\\u0000"', 'no-nul'],
    ['E11', 'a lone surrogate', '"\\ud800"', 'unicode'],
    ['E13', '__proto__', '{"__proto__":{"polluted":true}}', 'reserved-name'],
  ])('[%s] 400 for %s, as in any body', async (_number, _name, value, rule) => {
    const target = await create(`text-${rule}`);
    const bodies = {
      'application/merge-patch+json': `{"attributes":{"x":${value}}}`,
      'application/json-patch+json': `[{"op":"add","path":"/attributes/x","value":${value}}]`,
    };
    for (const [type, body] of Object.entries(bodies)) {
      const refused = await service.api.call('PATCH', target, { headers: { 'content-type': type }, body });
      expect(refused.expect(400, 'invalid-body').json.errors).toMatchObject([{ rule }]);
    }
    expect((await service.api.get(target)).json).toMatchObject({ ...CONTENT, version: 1 });
  });

  it('[E18] 200 for a JSON Patch that makes an optional member null, the same as absent', async () => {
    const target = await create('null', { name: 'x', description: 'y', attributes: { a: 1 } });
    const replaced = await service.api.patch(target, [{ op: 'replace', path: '/description', value: null }]);
    expect(replaced.expect(200).json).not.toHaveProperty('description');
    (await service.api.patch(target, [{ op: 'add', path: '/description', value: null }])).expect(200);
    const emptied = await service.api.patch(target, [{ op: 'replace', path: '/attributes', value: null }]);
    expect(emptied.expect(200).json).toMatchObject({ attributes: {}, version: 3 });
    const refused = await service.api.patch(target, [{ op: 'replace', path: '/version', value: null }]);
    expect(refused.expect(422, 'patch-result-invalid').json.errors).toMatchObject([{ rule: 'read-only' }]);
  });

  it('[E12] 200 for numbers of 17 digits, which are the nearest doubles', async () => {
    const target = await create('digits', { name: 'x', attributes: { set: 0.1 } });
    const merge = { 'content-type': 'application/merge-patch+json' };
    const body = '{"attributes":{"x":48.858400000000003}}';
    const merged = (await service.api.call('PATCH', target, { headers: merge, body })).expect(200);
    expect(merged.text).toContain('{"set":0.1,"x":48.8584}');
    const operations =
      '[{"op":"test","path":"/attributes/set","value":0.10000000000000001},' +
      '{"op":"add","path":"/attributes/y","value":4.2000000000000002}]';
    const headers = { 'content-type': 'application/json-patch+json' };
    const patched = (await service.api.call('PATCH', target, { headers, body: operations })).expect(200);
    expect(patched.text).toContain('{"set":0.1,"x":48.8584,"y":4.2}');
  });

  it('[E13] constructor, prototype and other names of JavaScript objects are ordinary names', async () => {
    const target = await create('names', { name: 'x' });
    const names = ['constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '7', '', '~', 'a/b'];
    const patch = names.map((name) => ({
      op: 'add',
      path: `/attributes/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      value: { x: name },
    }));
    const attributes = Object.fromEntries(names.map((name) => [name, { x: name }]));
    expect((await service.api.patch(target, patch)).expect(200).json.attributes).toEqual(attributes);
    const merged = { attributes: { constructor: { y: 1 }, toString: null, valueOf: { z: 1 } } };
    const answer = (await service.api.patch(target, merged)).expect(200).json.attributes;
    expect(answer).toMatchObject({ constructor: { x: 'constructor', y: 1 }, valueOf: { z: 1 } });
    expect(Object.keys(answer)).not.toContain('toString');
    const missing = [{ op: 'copy', from: '/attributes/isPrototypeOf', path: '/attributes/y' }];
    (await service.api.patch(target, missing)).expect(409, 'patch-does-not-apply');
    expect({}).not.toHaveProperty('polluted');
  });

  it('[G10] 422 for attributes that become too large or too deep', async () => {
    const target = await create('large', { name: 'x', attributes: { text: 'x'.repeat(9_000) } });
    const copy = [{ op: 'copy', from: '/attributes/text', path: '/attributes/more' }];
    const large = (await service.api.patch(target, copy)).expect(422, 'patch-result-invalid');
    expect(large.json.errors).toMatchObject([{ pointer: '/attributes', rule: 'size' }]);
    const deep: object = Array.from({ length: 40 }).reduce<object>((inner) => ({ a: inner }), {});
    for (const patch of [{ attributes: deep }, [{ op: 'add', path: '/attributes/a', value: deep }]]) {
      const refused = (await service.api.patch(target, patch)).expect(422, 'patch-result-invalid');
      expect(refused.json.errors).toMatchObject([{ pointer: '/attributes', rule: 'depth' }]);
    }
  });

  it('[G9] 400 for a patch of any depth, and for one of too many operations', async () => {
    const target = await create('deep');
    for (const [depth, rule] of [
      [9_000, 'depth'],
      [150_000, 'count'],
    ] as const) {
      const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
      const bodies = [
        ['application/merge-patch+json', deep],
        ['application/json-patch+json', `[{"op":"add","path":"/attributes/x","value":${deep}}]`],
        ['application/json-patch+json', '['.repeat(2 * depth) + ']'.repeat(2 * depth)],
      ];
      for (const [type = '', body] of bodies) {
        const refused = await service.api.call('PATCH', target, { headers: { 'content-type': type }, body });
        expect(refused.expect(400, 'invalid-body').json.errors[0]).toMatchObject({ pointer: '', rule });
      }
    }
    const many = Array.from({ length: 1_001 }, () => ({ op: 'test', path: '/name', value: 'x' }));
    const refused = (await service.api.patch(target, many)).expect(400, 'invalid-body');
    expect(refused.json.errors).toMatchObject([{ pointer: '', rule: 'length' }]);
    (await service.api.patch(target, many.slice(1))).expect(200);
  });

  it('422 soon for copies that would grow without end', async () => {
    const target = await create('bomb', { name: 'x', attributes: { a: 'x'.repeat(1_000) } });
    const bomb = Array.from({ length: 1_000 }, (_, n) => ({
      op: 'copy',
      from: '/attributes',
      path: `/attributes/${n}`,
    }));
    const began = process.cpuUsage();
    const refused = (await service.api.patch(target, bomb)).expect(422, 'patch-result-invalid');
    expect(process.cpuUsage(began).user).toBeLessThan(2_000_000);
    expect(refused.json.errors).toMatchObject([{ rule: 'size' }]);
  });

  it('[G11] 200 for plain JSON, which is read as a merge patch', async () => {
    const target = await create('plain');
    const answer = await service.api.call('PATCH', target, { json: { description: null, attributes: { a: null } } });
    expect(answer.expect(200).json).toMatchObject({ name: 'x', attributes: { b: { c: [1, 2] } }, version: 2 });
    expect(answer.json).not.toHaveProperty('description');
  });

  it('[E7] 400 without a body, like POST and PUT', async () => {
    const detail = 'The request has no body. Send a JSON body.';
    for (const type of ['application/json', 'application/merge-patch+json', 'text/plain', '']) {
      const headers = { 'content-type': type, 'content-length': '0' };
      const refused = await service.api.call('PATCH', '/items/x', { headers });
      expect(refused.expect(400, 'invalid-body').json.errors).toEqual([{ pointer: '', rule: 'required', detail }]);
    }
  });

  it('415 for a patch in PUT', async () => {
    const headers = { 'content-type': 'application/merge-patch+json' };
    (await service.api.call('PUT', '/items/x', { headers, body: '{"name":"x"}' })).expect(
      415,
      'unsupported-media-type',
    );
  });
});

describe('PATCH at once', () => {
  let other: TestApp;
  beforeAll(async () => {
    other = await startTestApp({ database: service.config.database });
  });
  afterAll(() => other?.close());

  const apiOf = (n: number) => (n % 2 === 0 ? service : other).api;

  it('[G14] twenty patches of different members by two processes all survive', async () => {
    const target = await create('race', { name: 'x' });
    const patches = Array.from({ length: 20 }, (_, n) =>
      n % 4 < 2 ? { attributes: { [`m${n}`]: n } } : [{ op: 'add', path: `/attributes/m${n}`, value: n }],
    );
    const answers = await Promise.all(patches.map((patch, n) => apiOf(n).patch(target, patch)));
    for (const answer of answers) answer.expect(200);
    const { attributes, version } = (await service.api.get(target)).expect(200).json;
    expect(attributes).toEqual(Object.fromEntries(patches.map((_, n) => [`m${n}`, n])));
    expect(version).toBe(21);
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(20);
  });

  it('[G13] ten patches that expect one version: one 200, nine 412', async () => {
    const target = await create('race-one');
    const headers = { 'if-match': await service.api.entityTagOf(target) };
    const calls = Array.from({ length: 10 }, (_, n) => apiOf(n).patch(target, { name: `writer ${n}` }, { headers }));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  });

  it('ten patches that test and set one member: one 200, nine 409', async () => {
    const target = await create('race-lock', { name: 'x', attributes: { owner: null } });
    const patchOf = (n: number) => [
      { op: 'test', path: '/attributes/owner', value: null },
      { op: 'replace', path: '/attributes/owner', value: n },
    ];
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => apiOf(n).patch(target, patchOf(n))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  });
});
