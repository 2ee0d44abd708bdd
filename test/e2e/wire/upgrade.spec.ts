import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sendApart, sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const NEXT = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const JSON_FIELDS = 'Content-Type: application/json\r\nContent-Length: 12\r\n\r\n';
const BODY = '{"name":"x"}';
/** As Java's HttpClient offers it (RFC 7540 §3.2). */
const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
  (await service.api.put('/items/a', { name: 'x' })).expect(201);
});
afterAll(() => service.close());

const offer = (line: string, rest = '\r\n', fields = H2C) => `${line} HTTP/1.1\r\nHost: localhost\r\n${fields}${rest}`;
const shown = (answers: { status: number; headers: { connection?: string } }[]) =>
  answers.map(({ status, headers }) => `${status} ${headers.connection}`);

describe('an offer to upgrade with nothing after it', () => {
  it.each([
    ['GET /items/a', 200],
    ['HEAD /items/a', 200],
    ['GET /items/absent', 404],
    ['OPTIONS /items', 204],
    ['POST /example', 405],
    ['GET /items?nope=1', 400],
  ])('[B35] %s: %i, and the connection is kept, time after time', async (line, status) => {
    const one = offer(line);
    const kept = `${status} keep-alive`;
    const answers = await sendApart(service.app.getHttpServer(), 4, one, one, one, NEXT);
    expect(shown(answers)).toEqual([kept, kept, kept, '200 close']);
  });

  it.each([
    ['in the same packet', [`${offer('PUT /items/b', JSON_FIELDS)}${BODY}`], ['201']],
    ['in another', [offer('PUT /items/b', JSON_FIELDS), BODY], ['201']],
    ['in several', [`${offer('PUT /items/b', JSON_FIELDS)}{"na`, 'me":', '"x"}'], ['201']],
    [
      'after a head that came after another request',
      [`GET /example HTTP/1.1\r\nHost: localhost\r\n\r\n`, `${offer('PUT /items/b', JSON_FIELDS)}${BODY}`],
      ['200', '201'],
    ],
  ])('[B35] content %s: the connection is kept', async (_, parts, statuses) => {
    const answers = await sendApart(service.app.getHttpServer(), statuses.length + 1, ...parts, NEXT);
    expect(shown(answers)).toEqual([...statuses.map((status) => `${status} keep-alive`), '200 close']);
    (await service.api.delete('/items/b')).expect(204);
  });

  it('[B35] Upgrade that Connection does not name is not an offer', async () => {
    const plain = offer('GET /items/a', '\r\n', 'Upgrade: h2c\r\n');
    expect(shown(await sendRaw(service.api.url, 3, plain + plain + NEXT))).toEqual([
      '200 keep-alive',
      '200 keep-alive',
      '200 close',
    ]);
  });
});

describe('an offer to upgrade with bytes after it that the parser drops', () => {
  it.each([
    ['GET /items/a', 'h2c', '\r\n', 200],
    ['GET /items/a', 'websocket', '\r\n', 200],
    ['PUT /items/upgrade', 'foo', JSON_FIELDS + BODY, 201],
    ['GET /items/absent', 'foo', '\r\n', 404],
    ['PUT /items', 'foo', JSON_FIELDS + BODY, 405],
    ['OPTIONS /items', 'foo', '\r\n', 204],
  ])('%s with Upgrade: %s is answered, and nothing after it hangs', async (line, protocol, rest, status) => {
    const first = 'GET /example HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const message = offer(line, rest, `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`);
    const answers = await sendRaw(service.api.url, 2, `${first}${message}${NEXT}`);
    expect(shown(answers)).toEqual(['200 keep-alive', `${status} close`]);
  });

  it.each([
    ['the same offer again', [offer('GET /items/a') + offer('GET /items/a')]],
    ['a request after a body that came later', [offer('PUT /items/a', JSON_FIELDS), BODY + NEXT]],
    ['a request after a head that came in two packets', [offer('GET /items/a').slice(0, -1), `\n${NEXT}`]],
    ['an empty line', [`${offer('GET /items/a')}\r\n`]],
    ['a chunked body', [`${offer('GET /items/a', 'Transfer-Encoding: chunked\r\n\r\n')}0\r\n\r\n`]],
  ])('[B35] 200 and the connection closes for %s', async (_, parts) => {
    expect(shown(await sendApart(service.app.getHttpServer(), 1, ...parts))).toEqual(['200 close']);
  });
});
