import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BODY_LIMITS } from '../../../src/contract/operation.js';
import { AS_JSON, AS_JSON_PATCH, AS_MERGE_PATCH } from '../../conformance/row.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const members = (count: number) => Array.from({ length: count }, (_, n) => `"m${n}":${n % 10}`).join(',');
const operations = (count: number) => Array.from({ length: count }, (_, n) => ({ op: 'none', path: `/${n}` }));
const numbers = (count: number) => Array<string>(count).fill('1e999').join(',');
const surrogates = String.raw`\ud83d\ud83d`;

describe('a request with more faults than a problem lists', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/a', { name: 'x' })).expect(201);
  });
  afterAll(() => service.close());

  const send = (method: string, target: string, headers: Record<string, string>, body: string) =>
    service.api.call(method, target, { headers, body });

  it.each([
    ['POST', '/items', AS_JSON, `{"id":"n","name":"x",${members(100)}}`, 0],
    ['POST', '/items', AS_JSON, `{"id":"n","name":"x",${members(101)}}`, 1],
    ['POST', '/items', AS_JSON, `{${members(9_000)}}`, 8_902],
    ['PUT', '/items/a', AS_JSON, `{"name":1,${members(150)}}`, 51],
    ['PUT', '/items/a', AS_JSON, `{"name":"x","attributes":{"a":[${numbers(250)}]},${members(150)}}`, 300],
    ['PATCH', '/items/a', AS_JSON_PATCH, JSON.stringify(operations(1_000)), 900],
    ['PATCH', '/items/a', AS_JSON_PATCH, `[{"op":"add","path":"/x","value":[${numbers(120)}]},{"op":"x"}]`, 21],
    ['PATCH', '/items/a', AS_MERGE_PATCH, `{"attributes":{"a":[${numbers(250)}]}}`, 150],
  ])('[K13] 400 to %s %s with %j and content of that many faults', async (method, target, headers, body, more) => {
    const { json } = (await send(method, target, headers, body)).expect(400, 'invalid-body');
    expect([json.errors.length, json.moreErrors]).toEqual([100, more === 0 ? undefined : more]);
  });

  it('[K13] 400 with the faults of known members first, then unknown members in the order of the body', async () => {
    const body = `{${members(150)},"name":1}`;
    const { json } = (await send('POST', '/items', AS_JSON, body)).expect(400, 'invalid-body');
    const pointers = json.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.slice(0, 3)).toEqual(
      ['/name', '/id', '/m0'].sort((a, b) => pointers.indexOf(a) - pointers.indexOf(b)),
    );
    expect(pointers.slice(2)).toEqual(Array.from({ length: 98 }, (_, n) => `/m${n}`));
    expect(json.moreErrors).toBe(52);
  });

  it('[K13] 400 to a query of very many parameters', async () => {
    const query = Array.from({ length: 1_500 }, (_, n) => `p${n}`).join('&');
    for (const target of ['/items', '/items/a', '/example']) {
      const { json } = (await service.api.get(`${target}?${query}`)).expect(400, 'invalid-query');
      expect([json.errors.length, json.moreErrors]).toEqual([100, 1_400]);
    }
    const { json } = (await service.api.get(`/items?limit=0&${query}`)).expect(400, 'invalid-query');
    expect([json.errors[0].parameter, json.moreErrors]).toEqual(['limit', 1_401]);
  });

  it('[K13] 422 to a merge patch that adds very many members', async () => {
    const { json } = (await send('PATCH', '/items/a', AS_MERGE_PATCH, `{"version":9,${members(1_000)}}`)).expect(
      422,
      'patch-result-invalid',
    );
    expect([json.errors.length, json.errors[0].pointer, json.moreErrors]).toEqual([100, '/version', 901]);
  });

  it('[K14] 400 to a body with more values and names than are read, with the unknown members', async () => {
    const text = `{"id":1,${members(60_000)},"m0":1}`;
    const { json } = (await send('POST', '/items', AS_JSON, text)).expect(400, 'invalid-body');
    const detail = `The body has 120005 values and member names. At most ${BODY_LIMITS.values} are allowed.`;
    expect(json.errors.slice(0, 2)).toMatchObject([
      { pointer: '', rule: 'count', detail },
      { pointer: '/m0', rule: 'unknown' },
    ]);
    expect([json.errors.length, json.moreErrors]).toEqual([100, 59_901]);
  });

  it.each([
    ['POST', '/items', AS_JSON, `[${'1,'.repeat(BODY_LIMITS.values)}1]`],
    ['PATCH', '/items/a', AS_MERGE_PATCH, `{${members(BODY_LIMITS.values)}}`],
    ['PATCH', '/items/a', AS_JSON_PATCH, `[{"op":"test","path":"","value":[${'1,'.repeat(BODY_LIMITS.values)}1]}]`],
  ])('[K14] 400 to %s %s with %j and more values than are read', async (method, target, headers, body) => {
    const { json } = (await send(method, target, headers, body)).expect(400, 'invalid-body');
    expect(json.errors).toMatchObject([{ pointer: '', rule: 'count' }]);
  });

  it('[K14] 400 if such a body is broken', async () => {
    const { json } = (await send('POST', '/items', AS_JSON, `{${members(60_000)}`)).expect(400, 'malformed-json');
    expect([json.position, json.pointer]).toEqual([`{${members(60_000)}`.length, '/m59999']);
  });

  it('[K14] 201 with commas in strings, which do not count', async () => {
    const text = `${' '.repeat(50_000)}{"id":"commas","name":"x","attributes":{"a":"${',:[{'.repeat(4_000)}"}}`;
    (await send('POST', '/items', AS_JSON, `${text}${' '.repeat(10_000)}`)).expect(201);
  });

  it.each([
    ['POST', '/items', AS_JSON, `{"${surrogates}":1}`, 'invalid-body', String.raw`/\ud83d\ud83d`],
    [
      'POST',
      '/items',
      AS_JSON,
      `{"attributes":{"${surrogates}":[1e999]}}`,
      'invalid-body',
      String.raw`/attributes/\ud83d\ud83d/0`,
    ],
    ['POST', '/items', AS_JSON, '{"a\uFFFE\u{1FFFF}":1}', 'invalid-body', String.raw`/a\ufffe\ud83f\udfff`],
    ['POST', '/items', AS_JSON, `{"${'x'.repeat(127)}\u{1F600}":1}`, 'invalid-body', `/${'x'.repeat(127)}…`],
    [
      'PATCH',
      '/items/a',
      AS_JSON_PATCH,
      `[{"op":"copy","from":"/${surrogates}","path":"/b"}]`,
      'invalid-body',
      '/0/from',
    ],
  ])('[K12] problem in characters to %s %s with %j and %s', async (method, target, headers, body, code, pointer) => {
    const { json } = (await send(method, target, headers, body)).expect(400, code);
    expect(json.errors.map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
  });

  it('[K12] escapes in the problem for a member of broken JSON whose name has lone surrogates', async () => {
    const { json } = (await send('POST', '/items', AS_JSON, `{"${surrogates}":x`)).expect(400, 'malformed-json');
    expect(json.pointer).toBe(String.raw`/\ud83d\ud83d`);
  });

  it('[K12] escapes in the problem for a query and a path of noncharacters', async () => {
    const { json } = (await service.api.get('/items?%EF%BF%BE=1')).expect(400, 'invalid-query');
    expect(json.errors[0].parameter).toBe(String.raw`\ufffe`);
    (await service.api.get('/%EF%BF%BF')).expect(404, 'route-not-found');
    const long = await service.api.get(`/items?${'x'.repeat(127)}%F0%9F%98%80=1`);
    expect(long.expect(400, 'invalid-query').json.errors[0].parameter).toBe(`${'x'.repeat(127)}…`);
  });
});
