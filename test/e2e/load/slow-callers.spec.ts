import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import { PAGE_MAX_BYTES } from '../../../src/items/store/list/page.statements.js';
import { withCredential } from '../../support/access/default-access.js';
import { openConnections } from '../../support/requests/crowd.js';
import { connectWithLittleBuffer, type LittleBuffer } from '../../support/requests/little-buffer.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const LIST = 'GET /items?limit=200 HTTP/1.1\r\nHost: localhost\r\n\r\n';
const LAST_LIST = LIST.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

/** Pause of the steady reader after each part of at most 64 KiB. */
const REST_MS = 150;

let service: TestApp;
const ends: (() => Promise<unknown> | void)[] = [];

beforeAll(async () => {
  // Large answers may take three quarters of it: one at a time.
  service = await startTestApp({ maxAnswerBytes: 1.5 * PAGE_MAX_BYTES });
  const attributes = { text: 'x'.repeat(16_000) };
  const ids = Array.from({ length: 60 }, (_, n) => `item-${n}`);
  await Promise.all(ids.map((id) => service.api.put(`/items/${id}`, { name: id, attributes })));
});
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});
afterAll(() => service?.close());

const list = () => service.api.get('/items?limit=200');
const isRoomTaken = async () => {
  const { whole } = service.app.get(AnswersUnderWay);
  while (whole.answerBytes < PAGE_MAX_BYTES / 2) await pause(1);
};

async function connectSlowly(): Promise<LittleBuffer> {
  const connection = await connectWithLittleBuffer(service);
  ends.push(connection.close);
  return connection;
}

describe('clients that read answers slowly', () => {
  it('[A12] one that reads nothing while others wait is cut off, and they are answered', async () => {
    const accepted = once(service.app.getHttpServer() as Server, 'connection') as Promise<[Socket]>;
    const [reader] = await openConnections(service.api.url, 1, LIST.repeat(30));
    ends.push(() => void reader?.destroy());
    const [served] = await accepted;
    // The lists are more than the system buffers for it. On a busy machine one may wait too long, and be refused.
    while (!served.destroyed) expect([200, 503]).toContain((await list()).status);
    (await list()).expect(200);
  });

  it('[A12] one that reads nothing is not cut off while nobody waits', async () => {
    const { client, served } = await connectSlowly();
    client.pause().write(withCredential(service.api.url, LIST));
    await isRoomTaken();
    for (let count = 0; count < 200; count += 1) (await service.api.get('/items/item-1')).expect(200);
    expect(served.destroyed).toBe(false);
  });

  it('[A12] one that reads slowly but steadily gets everything, however long others wait', async () => {
    const { client } = await connectSlowly();
    const received: Buffer[] = [];
    client.on('data', (chunk) => {
      received.push(chunk);
      client.pause();
      setTimeout(() => client.resume(), REST_MS);
    });
    client.write(withCredential(service.api.url, LIST + LAST_LIST));
    await isRoomTaken();
    const closed = once(client, 'close');
    (await list()).expect(503, 'overloaded');
    expect(service.log).toContainEqual(expect.objectContaining({ level: 'warn', cause: 'answers' }));
    expect([...service.app.get(AnswersUnderWay).connections.values()].some((one) => one.isHeld)).toBe(true);
    await closed;
    const text = Buffer.concat(received).toString('latin1');
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(text.endsWith('}')).toBe(true);
    (await list()).expect(200);
  });
});
