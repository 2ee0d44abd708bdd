import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../support/answer.js';
import { withCredential } from '../../support/access/default-access.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const HEAD = 'POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const SOUND = 'GET /example HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** Much longer than any limit here. */
const FOREVER_MS = 30_000;

let service: TestApp;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Opens a connection that nobody reads, and returns the service's end of it. */
async function openConnection(text: string): Promise<{ client: Socket; server: Socket }> {
  const accepted = once(service.app.getHttpServer(), 'connection') as Promise<[Socket]>;
  const client = connect({ host: '127.0.0.1', port: Number(new URL(service.api.url).port) });
  sockets.push(client);
  client.on('error', () => undefined);
  client.write(withCredential(service.api.url, text));
  const [server] = await accepted;
  return { client, server };
}

describe('a request that does not arrive in time', () => {
  beforeAll(async () => {
    service = await startTestApp({ headersTimeoutMs: 200, requestTimeoutMs: 1_000 });
  });
  afterAll(() => service?.close());

  it.each([
    ['half the body', `${HEAD}Content-Length: 9\r\n\r\n{`],
    ['half a chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n9\r\n{`],
    ['chunks without an end', `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`],
  ])('[B10] 408 after %s, and the connection is closed', async (_, sent) => {
    const [answer] = await sendRaw(service.api.url, 1, sent);
    expect(answer.expect(408, 'request-timeout').headers.connection).toBe('close');
  });

  it.each([
    ['half a method', 'HEA'],
    ['half a request line', 'HEAD /it'],
    ['half a head', 'HEAD /items HTTP/1.1\r\nHost: localhost\r\nX-'],
    ['half a head of GET, whose method is not known yet', 'GET /items HTTP/1.1\r\nHost: localhost\r\nX-'],
  ])('[B10] 408 without content after %s', async (_, sent) => {
    expectEmpty408((await sendRaw(service.api.url, 1, sent))[0]);
  });

  it('[B10] 408 without a body after a sound request and half of the next', async () => {
    const [sound, late] = await sendRaw(service.api.url, 2, `${SOUND}HEAD /items HT`);
    sound.expect(200);
    expectEmpty408(late);
  });

  function expectEmpty408(answer: Answer): void {
    const { headers, text } = answer.expect(408);
    expect([headers.connection, headers['content-length'], text]).toEqual(['close', '0', '']);
  }

  it.each([
    ['head', 'GET /items HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
    ['body', `${HEAD}Content-Length: 900000\r\n\r\n`],
  ])('[B10] 408 to a %s that comes byte by byte', async (_, start) => {
    const { client, server } = await openConnection(start);
    const drip = setInterval(() => client.write('x'), 20);
    const [first] = (await once(client, 'data')) as [Buffer];
    clearInterval(drip);
    expect(first.toString()).toMatch(/^HTTP\/1\.1 408 /);
    if (!server.destroyed) await once(server, 'close');
  });
});

describe('a client that takes its time between requests', () => {
  beforeAll(async () => {
    service = await startTestApp({ keepAliveTimeoutMs: 200, headersTimeoutMs: FOREVER_MS });
  });
  afterAll(() => service?.close());

  it('[B10] finds a connection closed without an answer if it sent nothing on it', async () => {
    expect(await sendRaw(service.api.url, 0, '')).toEqual([]);
  });

  it('finds the connection closed after KEEP_ALIVE_TIMEOUT_MS', async () => {
    const [answer] = await sendRaw(service.api.url, 1, SOUND);
    expect(answer.expect(200).headers.connection).not.toBe('close');
  });
});

describe('a client that waits longer than HEADERS_TIMEOUT_MS', () => {
  beforeAll(async () => {
    service = await startTestApp({ headersTimeoutMs: 100, requestTimeoutMs: 100, keepAliveTimeoutMs: FOREVER_MS });
  });
  afterAll(() => service.close());

  /** Resolves when the server has checked for late requests once, long after the connection was due. */
  const overdue = async (server: Socket) => {
    const late = once(service.app.getHttpServer(), 'clientError') as Promise<[{ code: string }, Socket]>;
    const [{ code }, socket] = await late;
    expect([code, socket]).toEqual(['ERR_HTTP_REQUEST_TIMEOUT', server]);
  };

  it('[B10] before its first request gets 200, and has the whole time for it', async () => {
    const { client, server } = await openConnection('');
    await overdue(server);
    client.write('GET /example HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const [first] = (await once(client, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('[B10] in the middle of its first request, which began late, gets 408', async () => {
    const { client, server } = await openConnection('');
    await overdue(server);
    client.write('GET /exa');
    const [first] = (await once(client, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('a client that takes longer than KEEP_ALIVE_TIMEOUT_MS for a head', () => {
  beforeAll(async () => {
    service = await startTestApp({ keepAliveTimeoutMs: 100, headersTimeoutMs: 1_500, requestTimeoutMs: 1_500 });
  });
  afterAll(() => service.close());

  it('[B10] gets 408, since its request began', async () => {
    const [answer] = await sendRaw(service.api.url, 1, 'GET /exa');
    answer.expect(408);
  });
});

describe('a client that does not read its answers', () => {
  beforeAll(async () => {
    service = await startTestApp({ answerTimeoutMs: 1_000 });
    const attributes = { text: 'x'.repeat(16_000) };
    // As many as a page holds.
    const ids = Array.from({ length: 70 }, (_, n) => `item-${n}`);
    await Promise.all(
      ids.map(async (id) => (await service.api.put(`/items/${id}`, { name: 'x', attributes })).expect(201)),
    );
  });
  afterAll(() => service?.close());

  it('is cut off after ANSWER_TIMEOUT_MS', async () => {
    const list = 'GET /items?limit=200 HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const { server } = await openConnection(list.repeat(20));
    await once(server, 'close');
    expect(server.destroyed).toBe(true);
    (await service.api.get('/items?limit=1')).expect(200);
  });

  it('gets all of it when it reads in time', async () => {
    const list = (await service.api.get('/items?limit=200')).expect(200);
    // A page has a limit of bytes, and is still more than a socket takes at once.
    expect(list.content.length).toBeGreaterThan(900_000);
  });
});
