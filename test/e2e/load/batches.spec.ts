import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leastTurnMs, LONGEST_TURN_MS } from '../../support/cpu-time.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** As many as a batch may have. */
const OPERATIONS = 500;
/** Enough to take several times as long as a turn may, were they one turn. */
const MANY = sized(200, OPERATIONS);

const name = (n: number) => n.toString(36);
const each = (text: (n: number) => string, count = OPERATIONS) =>
  Array.from({ length: count }, (_, n) => text(n)).join(',');
const batchOf = (operations: string) => `{"atomic":false,"operations":[${operations}]}`;
const members = (count: number, value: string) =>
  Array.from({ length: count }, (_, n) => `"${name(n)}":${value}`).join(',');
const put = (n: number, body: string) => `{"method":"PUT","id":"costly-${n}","body":${body}}`;
const patch = (n: number, body: string) => `{"method":"PATCH","id":"large-${n % 8}","body":${body}}`;

/** Batches that make a parser, a check or a patch work hard. */
const BATCHES: [name: string, text: string][] = [
  ['creates of 4 KB each', batchOf(each((n) => put(n, `{"name":"x","attributes":{"text":"${'x'.repeat(3_900)}"}}`)))],
  ['unknown members up to the limit', batchOf(each((n) => put(n, `{${members(98, '1')}}`)))],
  ['attributes up to the limit', batchOf(each((n) => put(n, `{"name":"x","attributes":{${members(90, '1')}}}`)))],
  [
    'numbers with exponents up to the limit',
    batchOf(each((n) => put(n, `{"name":"x","attributes":{${members(90, '1e222')}}}`), MANY)),
  ],
  [
    'numbers that no double holds',
    batchOf(each((n) => put(n, `{"name":"x","attributes":{${members(90, '1e999')}}}`), MANY)),
  ],
  ['unknown members of operations', batchOf(each(() => `{${members(90, '1')}}`))],
  // Half of them: 500 would be 8 MB of versions, which one statement writes.
  ['patches of items of many members', batchOf(each((n) => patch(n, `{"attributes":{"n":${n}}}`), MANY / 2))],
  [
    'JSON Patches that copy what is large',
    batchOf(
      each(
        (n) =>
          `{"method":"PATCH","id":"large-${n % 8}","contentType":"application/json-patch+json","body":[` +
          '{"op":"copy","from":"/attributes","path":"/attributes/copy"},{"op":"remove","path":"/attributes/copy"}]}',
        MANY / 2,
      ),
    ),
  ],
  [
    'one operation of many values',
    batchOf(put(0, `{"name":"x","attributes":{"a":[${Array(99_000).fill('1e9').join(',')}]}}`)),
  ],
];

describe('no batch makes others wait for more than 100 ms', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    const attributes = Object.fromEntries(Array.from({ length: 1_500 }, (_, n) => [name(n), {}]));
    for (let n = 0; n < 8; n += 1) (await service.api.put(`/items/large-${n}`, { name: 'x', attributes })).expect(201);
  });
  afterAll(() => service?.close());

  it.each(BATCHES)('[A13] %s', async (_, body) => {
    const headers = { 'content-type': 'application/json' };
    const send = async () => expect(await service.api.statusOf('POST', '/batch', { body, headers })).toBeLessThan(500);
    expect(await leastTurnMs(send)).toBeLessThan(LONGEST_TURN_MS);
  });
});
