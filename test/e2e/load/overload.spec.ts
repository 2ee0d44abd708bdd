import { gzipSync } from 'node:zlib';
import { connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import { MOST_AT_ONCE } from '../../../src/http/wire/connection-share.js';
import { problemsOf } from '../../../src/contract/operation.js';
import { OPERATIONS } from '../../../src/operations.js';
import { withCredential } from '../../support/access/default-access.js';
import { crowd, LITTLE_ROOM_BYTES, openConnections } from '../../support/requests/crowd.js';
import { validRequest } from '../../support/coverage/requests.js';
import type { Mend } from '../../support/database/faults.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const LIST = 'GET /items?limit=200 HTTP/1.1\r\nHost: localhost\r\n\r\n';
const CLOSE = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
const givesOverloaded = (operation: (typeof OPERATIONS)[number]) =>
  problemsOf(operation).some(({ type }) => type.code === 'overloaded');

let service: TestApp;
let mend: Mend | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await mend?.();
  mend = undefined;
});

async function fillWithItems(count: number, textLength: number): Promise<void> {
  const attributes = { text: 'x'.repeat(textLength) };
  const ids = Array.from({ length: count }, (_, n) => `item-${String(n).padStart(3, '0')}`);
  await Promise.all(
    ids.map(async (id) => (await service.api.put(`/items/${id}`, { name: id, attributes })).expect(201)),
  );
}

/** Opens connections that never read, and closes them after the test. */
async function crowdOf(count: number, sent: string): Promise<Socket[]> {
  const opened = await openConnections(service.api.url, count, sent);
  sockets.push(...opened);
  return opened;
}

describe('a service without room for answers', () => {
  beforeAll(async () => {
    service = await startTestApp({ maxAnswerBytes: LITTLE_ROOM_BYTES });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  it.each(OPERATIONS.filter(givesOverloaded).map((operation) => [operation.id, operation] as const))(
    '[A14] 503 overloaded to %s, and nothing changes',
    async (_, operation) => {
      mend = await crowd(service);
      const { target, ...options } = validRequest(operation, 'kept');
      const answer = (await service.api.call(operation.method, target, options)).expect(503, 'overloaded');
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.headers.connection).not.toBe('close');
      expect(answer.json.retryable).toBe(true);
      await mend();
      mend = undefined;
      expect((await service.api.get('/items/kept')).expect(200).json.version).toBe(1);
    },
  );

  it('[A14] 503 overloaded outside operations too', async () => {
    mend = await crowd(service);
    (await service.api.get('/nowhere')).expect(503, 'overloaded');
    (await service.api.call('OPTIONS', '/items')).expect(503, 'overloaded');
    (await service.api.call('HEAD', '/items')).expect(503);
  });

  it('[L72] 503 overloaded before 100, and the connection closes at once', async () => {
    mend = await crowd(service);
    const fields =
      'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n';
    const accepted = once(service.app.getHttpServer() as Server, 'connection') as Promise<[Socket]>;
    const [answer] = await sendRaw(service.api.url, 1, `PUT /items/kept HTTP/1.1\r\n${fields}`);
    const [served] = await accepted;
    const held = [...service.app.get(AnswersUnderWay).connections].filter(([, one]) => one.isHeld);
    expect(held.map(([socket]) => socket)).not.toContain(served);
    expect(answer.expect(503, 'overloaded').headers.connection).toBe('close');
  });

  it('[A14] health is still answered', async () => {
    mend = await crowd(service);
    (await service.api.get('/health/live')).expect(200);
    (await service.api.get('/health/ready')).expect(200);
  });

  it('the connection is kept, and the next answer is right', async () => {
    mend = await crowd(service);
    const put =
      'PUT /items/kept HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"name":"no"}'.slice(
        0,
        -1,
      );
    const health = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const [refused, live] = await sendRaw(service.api.url, 2, put, health);
    refused.expect(503, 'overloaded');
    live.expect(200);
  });
});

describe('requests pipelined on one connection', () => {
  const COUNT = 20;
  /** More lists than begin at the same time. */
  const HALF_CLOSED = 24;
  beforeAll(async () => {
    service = await startTestApp();
    await fillWithItems(COUNT, 16_000);
  });
  afterAll(() => service?.close());

  it('[A12] all get their answers in order, also if many come in one packet', async () => {
    const ids = Array.from({ length: sized(200, 1_000) }, (_, n) => `item-${String(n % COUNT).padStart(3, '0')}`);
    const reads = ids.map((id) => `GET /items/${id} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const answers = await sendRaw(service.api.url, ids.length + 1, reads.join(''), CLOSE);
    expect(answers.slice(0, -1).map((answer) => answer.expect(200).json.id)).toEqual(ids);
  });

  it('[A12] lists come one after another, in order', async () => {
    const limits = Array.from({ length: 40 }, (_, n) => (n % COUNT) + 1);
    const lists = limits.map((limit) => `GET /items?limit=${limit} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const answers = await sendRaw(service.api.url, limits.length + 1, lists.join(''), CLOSE);
    expect(answers.slice(0, -1).map((answer) => answer.expect(200).json.items.length)).toEqual(limits);
  });

  it('[A12] writes among many reads stay in order', async () => {
    const put = (name: string) => {
      const content = JSON.stringify({ name });
      return `PUT /items/turn HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
    };
    const read = 'GET /items/turn HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const rounds = Array.from({ length: 5 }, (_, n) => `round ${n}`);
    const sent = rounds.map((name) => put(name) + read.repeat(2 * MOST_AT_ONCE)).join('');
    const expected = rounds.flatMap((name) => Array.from({ length: 2 * MOST_AT_ONCE + 1 }, () => name));
    const answers = await sendRaw(service.api.url, expected.length + 1, sent, CLOSE);
    expect(answers.slice(0, -1).map(({ json }) => json.name)).toEqual(expected);
  });

  it('[B32] a broken one after many gets its 400 last', async () => {
    const many = 'GET /example HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(100);
    const answers = await sendRaw(service.api.url, 101, `${many}NONSENSE\r\n\r\n`);
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 100 }, () => 200), 400]);
  });

  it('nothing after one that closes the connection is carried out', async () => {
    const put = (id: string, fields = '') =>
      `PUT /items/${id} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${fields}Content-Length: 12\r\n\r\n{"name":"x"}`;
    const sent = put('first') + put('last', 'Connection: close\r\n') + put('never').repeat(100);
    const answers = await sendRaw(service.api.url, 2, sent);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    (await service.api.get('/items/never')).expect(404, 'item-not-found');
  });

  it('[A12] all are answered to clients that half-close after the last', async () => {
    const { hostname, port } = new URL(service.api.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.end(withCredential(service.api.url, LIST.repeat(HALF_CLOSED)));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(
      Buffer.concat(chunks)
        .toString()
        .match(/HTTP\/1\.1 200 OK/g),
    ).toHaveLength(HALF_CLOSED);
  });
});

describe('answers that nobody reads', () => {
  beforeAll(async () => {
    // Room for a few lists.
    service = await startTestApp({ maxAnswerBytes: 6_291_456 });
    await fillWithItems(60, 16_000);
  });
  afterAll(() => service?.close());

  it('[A12] free their room when their connection ends, round after round', async () => {
    for (let round = 0; round < 10; round += 1) {
      const opened = await crowdOf(20, LIST.repeat(8));
      for (const socket of opened) socket.destroy();
    }
    await expectRoom();
  });

  it('[A12] a client that reads meanwhile gets all of its own', async () => {
    await crowdOf(10, LIST.repeat(8));
    const answers = await sendRaw(
      service.api.url,
      13,
      ...Array.from({ length: 12 }, () => 'GET /items/item-001 HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      CLOSE,
    );
    for (const answer of answers) answer.expect(200);
  });

  async function expectRoom(): Promise<void> {
    // Retried as the problem says: the ends of connections are noticed one by one.
    let answer = await service.api.get('/items?limit=200');
    while (answer.status === 503) answer = await service.api.get('/items?limit=200');
    answer.expect(200);
    (await service.api.get('/health/live')).expect(200);
  }
});

describe('bodies that are being read', () => {
  const head = (length: number | 'chunked', fields = '') =>
    `PUT /items/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${fields}` +
    (length === 'chunked' ? 'Transfer-Encoding: chunked\r\n\r\n' : `Content-Length: ${length}\r\n\r\n`);
  const chunk = (length: number) => `${length.toString(16)}\r\n${' '.repeat(length)}\r\n`;

  const isHeld = async (bytes: number) => {
    const { whole } = service.app.get(AnswersUnderWay);
    while (whole.bodyBytes < bytes) await pause(1);
  };

  beforeAll(async () => {
    service = await startTestApp({ maxBodyBytes: 250_000 });
  });
  afterAll(() => service?.close());

  it.each([
    ['with a length', head(1_000_000) + ' '.repeat(1_000_000)],
    ['in chunks', head('chunked') + chunk(100_000).repeat(9) + '0\r\n\r\n'],
  ])('[A14] 503 overloaded to more content than there is room for, %s', async (_, sent) => {
    const [answer] = await sendRaw(service.api.url, 1, sent);
    const { headers } = answer.expect(503, 'overloaded');
    expect([headers['retry-after'], headers.connection]).toEqual(['1', 'close']);
    (await service.api.get('/items/x')).expect(404, 'item-not-found');
  });

  it('[L70] 503 overloaded at once while others have the room, which is free again when they are gone', async () => {
    const others = await crowdOf(4, head(60_000));
    await isHeld(240_000);
    const small = { name: 'x', attributes: { text: 'x'.repeat(16_000) } };
    let answer = await service.api.put('/items/late', small);
    while (answer.status !== 503) answer = await service.api.put('/items/late', small);
    expect(answer.expect(503, 'overloaded').headers.connection).not.toBe('close');
    expect([...service.app.get(AnswersUnderWay).connections.values()].some((one) => one.isHeld)).toBe(true);
    expect(service.log).toContainEqual(expect.objectContaining({ level: 'warn', cause: 'bodies' }));
    (await service.api.get('/items')).expect(200);
    for (const other of others) other.destroy();
    while (answer.status === 503) answer = await service.api.put('/items/late', small);
    expect([200, 201]).toContain(answer.status);
  });

  it('[A14] 503 overloaded to a body that comes too slowly while others need the room', async () => {
    await crowdOf(3, head(60_000));
    const slow = sendRaw(service.api.url, 1, `${head(60_000)}{`);
    await isHeld(240_000);
    const other = { name: 'x', attributes: { text: 'x'.repeat(16_000) } };
    const isOver = () =>
      Promise.race([slow.then(() => true), service.api.put('/items/other', other).then(() => false)]);
    while (!(await isOver())) await pause(50);
    expect((await slow)[0].expect(503, 'overloaded').headers.connection).toBe('close');
  });

  const putZipped = (id: string, content: object, spaces = 0) => {
    const body = gzipSync(JSON.stringify(content) + ' '.repeat(spaces));
    const headers = {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': String(body.length),
    };
    return service.api.call('PUT', `/items/${id}`, { headers, body });
  };

  it('many bodies with gzip at once are all read', async () => {
    const content = { name: 'zipped', attributes: { text: 'x'.repeat(10_000) } };
    const ids = Array.from({ length: 20 }, (_, n) => `zipped-${n}`);
    for (const answer of await Promise.all(ids.map((id) => putZipped(id, content)))) answer.expect(201);
  });

  it('[A14] 503 overloaded to gzip for which there is no room when unpacked', async () => {
    for (let round = 0; round < 3; round += 1) {
      const answer = (await putZipped('unpacked', { name: 'x' }, 250_000)).expect(503, 'overloaded');
      expect(answer.headers.connection).not.toBe('close');
    }
    (await service.api.get('/items/unpacked')).expect(404, 'item-not-found');
    (await putZipped('unpacked', { name: 'x' }, 200_000)).expect(201);
    (await putZipped('unpacked', { name: 'y' }, 200_000)).expect(200);
  });
});
