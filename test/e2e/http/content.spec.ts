import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const LIMIT_BYTES = 1_048_576;
const NEXT = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
/** Nearly a gibibyte of spaces, in less than a mebibyte. */
const BOMB = Buffer.concat(Array.from<Buffer>({ length: 950 }).fill(gzipSync(' '.repeat(LIMIT_BYTES))));
/** A valid body of exactly this many bytes. */
const padded = (id: string, bytes: number) => `{"id":"${id}","name":"x"}`.padEnd(bytes, ' ');

describe.each([
  ['POST', '/items'],
  ['PUT', '/items/x'],
])('%s %s: how content may come', (method, target) => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  const send = (headers: Record<string, string>, body = '{"id":"x","name":"x"}') =>
    service.api.call(method, target, { headers, body });
  const head = (...fields: string[]) =>
    [`${method} ${target} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');

  it.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/merge-patch+json',
    'application/problem+json',
    'application/jsonx',
    'json',
    'text/plain, application/json',
    'application/json, text/plain',
    'x'.repeat(5_000),
  ])('[C8] 415 with Accept for Content-Type %.60s, and nothing is written', async (type) => {
    const refused = (await send({ 'content-type': type })).expect(415, 'unsupported-media-type');
    expect(refused.headers).toMatchObject({ accept: 'application/json', 'cache-control': 'no-store' });
    expect(refused.json.detail).toContain(type.slice(0, 100));
    (await service.api.get('/items/x')).expect(404, 'item-not-found');
  });

  it('[C9] 415 with Accept for a body without a Content-Type', async () => {
    expect((await send({})).expect(415, 'unsupported-media-type').headers.accept).toBe('application/json');
  });

  it.each(['latin1', 'iso-8859-1', 'utf-16', '"latin1"', '', ' latin1', '"utf\\-16"'])(
    '[C11] 415 for charset=%s',
    async (charset) => {
      const refused = await send({ 'content-type': `application/json; charset=${charset}` });
      expect(refused.expect(415, 'unsupported-media-type').headers.accept).toBe('application/json');
    },
  );

  it.each([
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'Application/JSON; Charset=Utf-8',
    'application/json ; charset=utf-8',
    'application/json; profile=x; charset=utf-8',
    'application/json; x=";charset=latin1"; charset=utf-8',
    'application/json; charset = utf-8',
    'application/json; charset=utf8',
    'application/json;charset="UTF8"',
    'application/json;',
  ])('[C10] 200 or 201 for Content-Type %s', async (type) => {
    const { status } = await send({ 'content-type': type }, `{"name":"x"${method === 'POST' ? ',"id":"c10"' : ''}}`);
    expect([200, 201]).toContain(status);
    (await service.api.delete(method === 'POST' ? '/items/c10' : target)).expect(204);
  });

  it.each(['br', 'deflate', 'zstd', 'gzip, br', 'gzip, gzip', 'identity, gzip', 'gzip;q=1', 'gzip,,gzip'])(
    '[C12] 415 with Accept-Encoding for Content-Encoding %s',
    async (coding) => {
      const refused = await send({ 'content-type': 'application/json', 'content-encoding': coding });
      refused.expect(415, 'unsupported-content-coding');
      expect(refused.headers['accept-encoding']).toBe('gzip');
      expect(refused.headers).not.toHaveProperty('accept');
    },
  );

  it.each(['gzip', 'X-GZip'])('201 for Content-Encoding: %s, also of two members', async (coding) => {
    const text = '{"id":"x","name":"zipped"}';
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    const parts = Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))]);
    expect((await service.api.call(method, target, { headers, body: parts })).expect(201).json.name).toBe('zipped');
    (await service.api.delete('/items/x')).expect(204);
  });

  it('[C14] a gzip bomb is unpacked only up to the limit', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const before = process.memoryUsage().rss;
    (await service.api.call(method, target, { headers, body: BOMB })).expect(413, 'body-too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * LIMIT_BYTES);
  });

  it.each(['gzip,', ', gzip', ' ,,x-gzip, ,'])(
    '[C12] an empty element of Content-Encoding: %s is ignored',
    async (coding) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': coding };
      const body = gzipSync('{"id":"x","name":"zipped"}');
      (await service.api.call(method, target, { headers, body })).expect(201);
      (await service.api.delete('/items/x')).expect(204);
    },
  );

  it.each(['Identity', '', ',', ' ,identity,, '])('201 for Content-Encoding: %s', async (coding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    (await send(headers)).expect(201);
    (await service.api.delete('/items/x')).expect(204);
  });

  it('201 for a body of exactly 1 MiB, and 413 for a byte more', async () => {
    const headers = { 'content-type': 'application/json' };
    const refused = (await send(headers, padded('x', LIMIT_BYTES + 1))).expect(413, 'body-too-large');
    expect(refused.json.limitBytes).toBe(LIMIT_BYTES);
    (await service.api.get('/items/x')).expect(404, 'item-not-found');
    (await send(headers, padded('x', LIMIT_BYTES))).expect(201);
    (await service.api.delete('/items/x')).expect(204);
  });

  it('[C15] 413 by Content-Length, before any of the body is sent', async () => {
    const fields = ['Content-Type: application/json', `Content-Length: ${LIMIT_BYTES + 1}`];
    const [answer] = await sendRaw(service.api.url, 1, head(...fields));
    expect(answer.expect(413, 'body-too-large').headers.connection).toBe('close');
  });

  it('[C15] 413 by the bytes received, and nothing after them is read as a request', async () => {
    const content = padded('x', LIMIT_BYTES + 1);
    const chunks = `${content.length.toString(16)}\r\n${content}\r\n0\r\n\r\n`;
    const fields = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
    const [answer] = await sendRaw(service.api.url, 1, head(...fields), chunks, NEXT);
    expect(answer.expect(413, 'body-too-large').headers.connection).toBe('close');
    (await service.api.get('/items/x')).expect(404, 'item-not-found');
  });

  it('[C15] 413 reaches a client that first sends many megabytes', async () => {
    for (let time = 0; time < sized(3, 10); time += 1) {
      const refused = await send({ 'content-type': 'application/json' }, 'x'.repeat(8 * LIMIT_BYTES));
      refused.expect(413, 'body-too-large');
    }
  });

  it('201 for a chunked body of exactly 1 MiB', async () => {
    const content = padded('x', LIMIT_BYTES);
    const chunks = `10\r\n${content.slice(0, 16)}\r\n${(LIMIT_BYTES - 16).toString(16)}\r\n${content.slice(16)}\r\n0\r\n\r\n`;
    const fields = ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: close'];
    const [answer] = await sendRaw(service.api.url, 1, head(...fields), chunks);
    answer.expect(201);
    (await service.api.delete('/items/x')).expect(204);
  });

  it.each([
    ['[C8] 415', ['Content-Type: text/plain'], 415, 'unsupported-media-type'],
    ['400', ['Content-Type: application/json'], 400, 'malformed-json'],
  ])('%s leaves the connection open, and its content is not read as a request', async (_, fields, status, code) => {
    const content = 'GET /items/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const message = head(...fields, `Content-Length: ${content.length}`) + content;
    const [refused, next] = await sendRaw(service.api.url, 2, message + NEXT);
    refused.expect(status, code);
    expect(next.expect(200).json).toEqual({ message: 'Success!' });
  });

  it('415 before the JSON is judged, and 413 before 415', async () => {
    (await send({ 'content-type': 'text/plain' }, '{')).expect(415, 'unsupported-media-type');
    const [answer] = await sendRaw(
      service.api.url,
      1,
      head('Content-Type: text/plain', `Content-Length: ${LIMIT_BYTES + 1}`),
    );
    answer.expect(413, 'body-too-large');
  });
});
