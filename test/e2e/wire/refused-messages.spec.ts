import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proves } from '../../support/proof.js';
import { sendApart, sendRaw } from '../../support/raw-socket.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

const GET = 'GET /example HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('the answer to a message that the parser refuses', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startWithoutDatabase();
  });
  afterAll(() => service?.close());

  it.each(['FROB', 'GETX', 'GE', 'COUNT', 'get', 'PLAY', 'GET_PARAMETER'])('[B3] 501 for %s', async (method) => {
    const next = `${method} / HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const behind = async (...parts: string[]) => (await sendRaw(service.api.url, 2, ...parts))[1];
    const [alone] = await sendRaw(service.api.url, 1, next);
    for (const answer of [alone, await behind(GET + next), await behind(GET, next)]) {
      expect(answer.expect(501, 'method-not-implemented').json.detail).toMatch(`the method ${method}.`);
    }
  });

  // The parser does not say where the body ended.
  it.each(['FROB', 'get', '', 'O', 'PROX'])('400 for %j after a body in one packet', async (method) => {
    for (const body of ['F.', 'FOO.', 'x\r\n\r\nabc.']) {
      const put = `PUT /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      const [first, second] = await sendRaw(
        service.api.url,
        2,
        `${put}${method} / HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      );
      first.expect(404, 'route-not-found');
      second.expect(400, 'malformed-request');
    }
  });

  it.each(['PLAY', 'SETUP', 'TEARDOWN'])('400 for %s of RTSP, with its line in the log', async (method) => {
    for (const target of ['rtsp://x/items', '/items', '*']) {
      const id = `${method}-${target.length}`;
      const [answer] = await sendRaw(service.api.url, 1, `${method} ${target} RTSP/1.0\r\nX-Request-Id: ${id}\r\n\r\n`);
      expect(answer.expect(400, 'malformed-request').headers['x-request-id']).toBe(id);
      expect(service.log.filter(({ requestId }) => requestId === id)).toMatchObject([{ status: 400 }]);
    }
  });

  it.each([
    ['a broken field', 'HEAD /example HTTP/1.1\r\nHost: localhost\r\nbroken\r\n\r\n', 400],
    ['a broken field that ends like a request line', 'HEAD / HTTP/1.1\r\nX: GET / HTTP/1.1\r\nbroken\r\n\r\n', 400],
    ['a broken target', 'HEAD /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    ['another version', 'HEAD / HTTP/1.2\r\nHost: localhost\r\n\r\n', 505],
    ['a long field', `HEAD / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
    ['a long target', `HEAD /${'x'.repeat(40_000)} HTTP/1.1\r\n\r\n`, 414],
  ])('HEAD with %s gets no content, GET does, whatever stands before them', async (_, head, status) => {
    const behind = async (before: string, message: string) => (await sendRaw(service.api.url, 2, before + message))[1];
    const alone = async (message: string) => (await sendRaw(service.api.url, 1, message))[0];
    const toGet = head.replace('HEAD', 'GET');
    const before = [GET, GET.replace('GET', 'HEAD')];
    for (const answer of [await alone(head), ...(await Promise.all(before.map((one) => behind(one, head))))]) {
      expect(answer.expect(status).text).toBe('');
      expect(answer.headers['content-type']).toBe('application/problem+json');
    }
    for (const answer of [await alone(toGet), ...(await Promise.all(before.map((one) => behind(one, toGet))))]) {
      expect([answer.status, answer.json.status]).toEqual([status, status]);
    }
  });

  it('a message in several packets, or after a body in one, may be a HEAD and gets no body', async () => {
    const [start, end] = ['HEAD /example HTTP/1.1\r\nHost: localhost\r\nX: ', 'broken\0\r\n\r\n'];
    const put = 'PUT /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}';
    const [inPackets] = await sendApart(service.app.getHttpServer(), 1, start, end);
    const [, behindContent] = await sendRaw(service.api.url, 2, put + start + end);
    expect([inPackets, behindContent].map((answer) => answer.expect(400).text)).toEqual(['', '']);
  });

  const LONG = 'x'.repeat(20_000);
  it.each([
    ['the target ends', `${LONG} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
    ['the target goes on', LONG],
  ])('[B8] 414 for a target over 32 KiB in several packets, where %s', async (_, end) => {
    const [alone] = await sendApart(service.app.getHttpServer(), 1, `GET /${LONG}`, end);
    const [, behind] = await sendApart(service.app.getHttpServer(), 2, `${GET}GET /${LONG}`, end);
    expect([alone, behind].map((answer) => answer.expect(414).text)).toEqual(['', '']);
  });

  it.each([
    ['the field ends', `X: ${LONG}`, `${LONG}\r\n\r\n`],
    ['the field has spaces', `X: ${LONG}`, 'xx; '.repeat(5_000)],
    ['another field comes', `X: ${LONG}`, `\r\nY: ${LONG}`],
  ])('[B9] 431 for fields over 32 KiB in several packets, where %s', async (_, start, end) => {
    const head = 'GET /example HTTP/1.1\r\nHost: localhost\r\n';
    const [alone] = await sendApart(service.app.getHttpServer(), 1, head + start, end);
    const [, behind] = await sendApart(service.app.getHttpServer(), 2, GET + head + start, end);
    expect([alone, behind].map((answer) => answer.expect(431).text)).toEqual(['', '']);
  });

  it('[B8] [B9] 414 or 431 after a body in one packet', async () => {
    const put = 'PUT /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}';
    const long = LONG + LONG;
    proves('B8');
    (await sendRaw(service.api.url, 2, `${put}GET /${long} HTTP/1.1\r\n\r\n`))[1].expect(414);
    proves('B9');
    (await sendRaw(service.api.url, 2, `${put}GET / HTTP/1.1\r\nX: ${long}\r\n\r\n`))[1].expect(431);
  });
});
