import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openConnections } from '../../support/requests/crowd.js';
import { startWithoutDatabase, type TestApp } from '../../support/test-app.js';

const COUNT = 40;

describe('a service whose event loop is later than MAX_EVENT_LOOP_DELAY_MS', () => {
  let service: TestApp;
  const accepted: Socket[] = [];
  beforeAll(async () => {
    // No loop is so early.
    service = await startWithoutDatabase({ maxEventLoopDelayMs: -1_000_000 });
    service.app.getHttpServer().on('connection', (socket: Socket) => accepted.push(socket));
    while ((await answersInOneTurn('/example')).every(isGood)) await nextTurn();
  });
  afterAll(() => service?.close());

  /** The answers to requests that all come in one turn of the loop, each on a connection of its own. */
  async function answersInOneTurn(path: string): Promise<string[]> {
    accepted.length = 0;
    const sockets = await openConnections(service.api.url, COUNT, '');
    while (accepted.length < COUNT) await nextTurn();
    for (const socket of sockets) socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    return Promise.all(sockets.map((socket) => text(socket)));
  }

  it('[A16] 503 overloaded to all but 16 requests of a turn', async () => {
    const answers = await answersInOneTurn('/example');
    expect(answers.filter(isGood)).toHaveLength(16);
    for (const answer of answers.filter((one) => !isGood(one))) {
      expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*"detail":"The service has more to do than it can do in time/);
      expect(answer).toMatch(/\r\nretry-after: [1-9]\d?\r\n/);
    }
  });

  it('[A16] a caller who is alone is answered', async () => {
    for (let count = 0; count < COUNT; count += 1) (await service.api.get('/example')).expect(200);
  });

  it('[A16] health is answered', async () => {
    expect((await answersInOneTurn('/health/live')).every(isGood)).toBe(true);
  });

  it('[A16] the log says when it begins', () => {
    expect(service.log).toContainEqual(expect.objectContaining({ level: 'warn', cause: 'delay' }));
  });
});

function isGood(answer: string): boolean {
  return answer.startsWith('HTTP/1.1 200 ');
}
