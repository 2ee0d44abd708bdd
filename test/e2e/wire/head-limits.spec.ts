import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

/** They count, so the credential is among them. With AUTH=off it is ignored. */
const HOST = `Host: localhost\r\nConnection: close\r\nAuthorization: ${bearer(KEYS.all)}\r\n`;
/** Header lines of this many bytes, most of them in one field. */
const block = (bytes: number) => `${HOST}X-Large: ${'x'.repeat(bytes - HOST.length - 'X-Large: \r\n'.length)}\r\n`;
/** This many fields, each with its own name unless `name` is given. */
const lines = (count: number, name?: string) =>
  HOST + Array.from({ length: count - 3 }, (_, n) => `${name ?? `X-${n}`}: y\r\n`).join('');

describe('the limits of the head', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startWithoutDatabase();
  });
  afterAll(() => service?.close());

  const send = async (requestLine: string, fields: string) => {
    const [answer] = await sendRaw(service.api.url, 1, `${requestLine} HTTP/1.1\r\n${fields}\r\n`);
    return answer;
  };

  it('[B8] 414 for a target over 8 KiB, path and query together', async () => {
    (await send(`GET /items?${'x'.repeat(8_192 - 7)}`, HOST)).expect(400, 'invalid-query');
    for (const start of ['/items?', '/items/', '/nowhere/', 'http://localhost/items?']) {
      const answer = await send(`GET ${start}${'x'.repeat(8_193 - start.length)}`, HOST);
      expect(answer.expect(414, 'target-too-long').json.limitBytes).toBe(8_192);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    (await send(`HEAD /items?${'x'.repeat(8_192)}`, HOST)).expect(414);
  });

  it('[B8] 414 for a target over the 32 KiB that the parser holds', async () => {
    const answer = (await send(`GET /${'x'.repeat(40_000)}`, HOST)).expect(414, 'target-too-long');
    expect(answer.headers.connection).toBe('close');
    expect((await send(`HEAD /${'x'.repeat(40_000)}`, HOST)).expect(414).text).toBe('');
  });

  it('[B9] 431 for a header block over 16 KiB, with the name of the largest field', async () => {
    (await send('GET /example', block(16_384))).expect(200);
    const answer = (await send('GET /example', block(16_385))).expect(431, 'header-too-large');
    expect(answer.json).toMatchObject({ limitBytes: 16_384, errors: [{ header: 'x-large', rule: 'size' }] });
    expect(answer.headers['cache-control']).toBe('no-store');
    (await send('HEAD /example', block(16_385))).expect(431);
  });

  it('[B9] 431 without a name when no field has more than half of it', async () => {
    const answer = await send(
      'GET /example',
      HOST + ['A', 'B', 'C'].map((n) => `${n}: ${'x'.repeat(6_000)}\r\n`).join(''),
    );
    expect(answer.expect(431, 'header-too-large').json).not.toHaveProperty('errors');
  });

  it('[B9] 431 for more than 200 fields, with the field that occurs more than 100 times', async () => {
    (await send('GET /example', lines(200))).expect(200);
    const many = (await send('GET /example', lines(201))).expect(431, 'header-too-large');
    expect(many.json.limitFields).toBe(200);
    expect(many.json).not.toHaveProperty('errors');
    const repeated = (await send('GET /example', lines(201, 'Cookie'))).expect(431, 'header-too-large');
    expect(repeated.json.errors).toMatchObject([{ header: 'cookie', rule: 'size' }]);
  });

  it('[B9] 431 for 2,100 fields; Node would drop those after 2,000', async () => {
    (await send('GET /example', 'a:\r\n'.repeat(2_100) + HOST)).expect(431, 'header-too-large');
  });

  it('[B9] 431 for a field over the 32 KiB that the parser holds', async () => {
    const answer = (await send('GET /example', block(40_000))).expect(431, 'header-too-large');
    expect(answer.headers).toMatchObject({ connection: 'close', 'cache-control': 'no-store' });
  });
});
