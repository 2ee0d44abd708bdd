import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../../support/raw-socket.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

const MISSING = { pointer: '', rule: 'required', detail: 'The request has no body. Send a JSON body.' };

describe.each([
  ['POST', '/items'],
  ['PUT', '/items/x'],
])('%s %s: the text of the body', (method, target) => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startWithoutDatabase();
  });
  afterAll(() => service?.close());

  const send = (body: string | Buffer) =>
    service.api.call(method, target, { headers: { 'content-type': 'application/json' }, body });

  it.each([
    ['a trailing comma', '{"name":"x",}', 12, 'line 1, column 13'],
    ['a missing colon', '{\n  "name" "x"\n}', 11, 'line 2, column 10'],
    ['a bare name', '{"id":"a", name:"x"}', 11, 'line 1, column 12'],
    ['a wrong escape', '{"name":"a\\qb"}', 11, 'line 1, column 12'],
    ['a raw line end in a string', '{"name":"a\nb"}', 10, 'line 1, column 11'],
    ['text after the end', '{"name":"x"}\r\n}', 14, 'line 2, column 1'],
    ['a comment', '// x', 0, 'line 1, column 1'],
    ['NaN', '{"name":NaN}', 8, 'line 1, column 9'],
  ])('[E6] 400 with the position of %s', async (_, body, position, place) => {
    const refused = (await send(body)).expect(400, 'malformed-json');
    expect(refused.json).toMatchObject({ position, detail: `The body is not JSON: unexpected character at ${place}.` });
  });

  it.each(['{"name":"x"', '{"name":"x', '{"name":', '{', ' '])(
    '[E6] 400 for %j, which ends too early',
    async (body) => {
      const refused = (await send(body)).expect(400, 'malformed-json');
      expect(refused.json).toMatchObject({ position: body.length, detail: 'The body is not JSON: it ends too early.' });
    },
  );

  it('[C10] 400 for a byte order mark', async () => {
    const refused = (await send('\ufeff{"id":"x","name":"x"}')).expect(400, 'malformed-json');
    expect(refused.json).toMatchObject({ position: 0, detail: expect.stringContaining('byte order mark') });
  });

  it.each([
    ['a byte that UTF-8 never has', [0xff]],
    ['a cut character', [0xf0, 0x9f, 0x98]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
  ])('[E11] 400 for %s', async (_, bytes) => {
    const body = Buffer.concat([Buffer.from('{"id":"x","name":"'), Buffer.from(bytes), Buffer.from('"}')]);
    const refused = (await send(body)).expect(400, 'malformed-json').json;
    expect(refused).toMatchObject({ detail: expect.stringContaining('UTF-8'), position: 18, pointer: '/name' });
  });

  it.each(['null', '[]', '[{"id":"x","name":"x"}]', '"x"', '7', 'true'])(
    '[E8] 400 for %s, which is not an object',
    async (body) => {
      expect((await send(` ${body}`)).expect(400, 'invalid-body').json.errors).toEqual([
        { pointer: '', rule: 'type', detail: 'The body must be a JSON object.', position: 1 },
      ]);
    },
  );

  it('[E7] 400 without a body, with any Content-Type', async () => {
    for (const type of ['application/json', 'text/plain', 'none']) {
      const headers = { 'content-type': type, 'content-length': '0' };
      (await service.api.call(method, target, { headers })).expect(400, 'invalid-body');
    }
    const answer = (await service.api.call(method, target)).expect(400, 'invalid-body');
    expect(answer.json.errors).toEqual([MISSING]);
  });

  it.each(['', 'Content-Encoding: gzip\r\n'])('[E7] 400 for an empty chunked body: %j', async (coding) => {
    const headers = `Host: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n${coding}Connection: close`;
    const [answer] = await sendRaw(service.api.url, 1, `${method} ${target} HTTP/1.1\r\n${headers}\r\n\r\n0\r\n\r\n`);
    expect(answer.expect(400, 'invalid-body').json.errors).toEqual([MISSING]);
  });

  it('[E6] 400 for gzip of nothing, which is a body', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    (await service.api.call(method, target, { headers, body: gzipSync('') })).expect(400, 'malformed-json');
  });

  it('[E11] 400 for a byte that is not UTF-8 after many valid U+FFFD', async () => {
    const text = `{"name":"x","description":"${'\uFFFD'.repeat(300_000)}`;
    const refused = (await send(Buffer.concat([Buffer.from(text), Buffer.from([0xef, 0xbf])]))).expect(
      400,
      'malformed-json',
    );
    expect(refused.json).toMatchObject({ position: text.length, pointer: '/description' });
  });

  it.each([
    ['E12', 'a number', '{"name":"x", "attributes":{"n":[1e400]}}', '/attributes/n/0', 'exact-number', 32],
    ['E11', 'U+0000', '{"name":"a\\u0000"}', '/name', 'no-nul', 8],
    ['E11', 'a surrogate', '{"name":"x","attributes":{"\\ud800":1}}', String.raw`/attributes/\ud800`, 'unicode', 26],
    ['E13', '__proto__', '{"name":"x","__proto__":1}', '/__proto__', 'reserved-name', 12],
    ['E13', 'depth', `{"name":"x","attributes":${'{"a":'.repeat(33)}1${'}'.repeat(33)}}`, '/attributes', 'depth', 25],
    ['E9', 'a type', '{"name": 7}', '/name', 'type', 9],
    ['E9', 'an unknown member', '{"name":"x","nope":1}', '/nope', 'unknown', 19],
    ['E9', 'the last of two', '{"name":"x","name":""}', '/name', 'length', 19],
  ])('[%s] 400 for %s, with pointer and position', async (_number, _name, body, pointer, rule, position) => {
    const errors = (await send(body)).expect(400, 'invalid-body').json.errors as { pointer: string }[];
    expect(errors.filter((error) => error.pointer !== '/id')).toMatchObject([{ pointer, rule, position }]);
  });

  it('[E8] 400 for a million open brackets', async () => {
    const refused = (await send('['.repeat(1_000_000))).expect(400, 'malformed-json');
    expect(refused.json.detail).toContain('ends too early');
  });

  it('400 leaves the connection open for the next request', async () => {
    const head = `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n`;
    const next = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const [refused, answered] = await sendRaw(service.api.url, 2, `${head}{`, next);
    refused.expect(400, 'malformed-json');
    answered.expect(200);
  });
});
