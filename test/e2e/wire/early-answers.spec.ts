import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withCredential } from '../../support/access/default-access.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

/** More than the system buffers before the service reads. */
const MUCH = Array.from({ length: 80 }, () => 'x'.repeat(100_000));
const OF_TEXT = 'Host: localhost\r\nContent-Type: text/plain\r\nContent-Length: 8000000\r\n';

describe('an answer before the whole body has come', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startWithoutDatabase();
  });
  afterAll(() => service?.close());

  it.each([
    ['to a client that closes', `POST /example HTTP/1.1\r\nConnection: close\r\n${OF_TEXT}\r\n`, 405],
    [
      'to a client that closes, for an unknown path',
      `PUT /nothing HTTP/1.1\r\nConnection: close\r\n${OF_TEXT}\r\n`,
      404,
    ],
    ['to a client of HTTP/1.0', `PUT /items HTTP/1.0\r\n${OF_TEXT}\r\n`, 405],
    ['before garbage', 'GET /example HTTP/1.1\r\n\r\n', 400],
    [
      'to a client that asks for 100 and does not wait',
      `POST /nothing HTTP/1.1\r\nExpect: 100-continue\r\n${OF_TEXT}\r\n`,
      404,
    ],
    [
      'rehearsed for a client that closes',
      `POST /items HTTP/1.1\r\nConnection: close\r\nRehearse: 201\r\n${OF_TEXT}\r\n`,
      201,
    ],
    ['to an offer to upgrade', `PUT /items HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: x\r\n${OF_TEXT}\r\n`, 405],
  ])('is not lost to a reset: %s', async (_, head, status) => {
    const [answer] = await sendRaw(service.api.url, 1, head, ...MUCH);
    expect(answer.status).toBe(status);
  });
});

describe('after a fault in a body that has come whole', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startWithoutDatabase();
  });
  afterAll(() => service?.close());

  const put = (version: string, fields: string) =>
    `PUT /items/x ${version}\r\nHost: localhost\r\n${fields}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{]`;
  const NEXT = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

  it.each([
    ['HTTP/1.1', ''],
    ['HTTP/1.0', 'Connection: keep-alive\r\n'],
  ])('the connection stays open, and %s is told', async (version, fields) => {
    const [refused, next] = await sendRaw(service.api.url, 2, put(version, fields), NEXT);
    expect(refused.expect(400, 'malformed-json').headers.connection).toBe('keep-alive');
    next.expect(200);
  });

  it.each([
    ['HTTP/1.1', 'Connection: close\r\n'],
    ['HTTP/1.0', ''],
  ])('the connection closes where the client wants that, and %s is told', async (version, fields) => {
    const [answer] = await sendRaw(service.api.url, 1, put(version, fields), NEXT);
    expect(answer.expect(400, 'malformed-json').headers.connection).toBe('close');
  });

  it.each(['', 'Content-Encoding: gzip\r\n'])(
    'the connection closes if the client has closed its side: %j',
    async (fields) => {
      const { port } = new URL(service.api.url);
      const socket = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true });
      socket.end(withCredential(service.api.url, put('HTTP/1.1', fields)));
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    },
  );
});
