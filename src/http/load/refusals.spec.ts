import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.js';
import type { Problem } from '../../problems/problem.js';
import { createLogger } from '../../telemetry/logger.js';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import { TICK_MS } from './loop-delay.js';
import type { Cause } from './overload.problems.js';
import { Refusals } from './refusals.js';

const CONFIG = {
  maxWaiting: 1_000,
  maxAnswerBytes: 64_000_000,
  maxBodyBytes: 16_000_000,
  database: { timeoutMs: 4_500 },
  answerTimeoutMs: 60_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 72_000,
} as Config;

let underWay: AnswersUnderWay;
let refusals: Refusals;
let lines: object[];

beforeEach(() => {
  lines = [];
  jest.spyOn(performance, 'now').mockReturnValue(0);
  underWay = new AnswersUnderWay();
  const logger = createLogger('info', { write: (line) => void lines.push(JSON.parse(line) as object) });
  refusals = new Refusals(underWay, CONFIG, logger);
});

const fieldsOf = (refusal: Error) => ((refusal as HttpException).getResponse() as Problem).details.fields;
const retryAfterOf = (refusal: Error) => Number(fieldsOf(refusal)?.['retry-after']);

/** Where the size of each crowd is counted, and what has left it. */
const CROWDS = {
  waiting: ['waiting', 'answered', CONFIG.maxWaiting],
  answers: ['answerBytes', 'answerBytesGone', CONFIG.maxAnswerBytes],
  bodies: ['bodyBytes', 'bodyBytesGone', CONFIG.maxBodyBytes],
} as const;
const CAUSES = Object.keys(CROWDS) as (keyof typeof CROWDS)[];

/** A full crowd from which such a part leaves each second, and is replaced at once. */
function crowd(cause: keyof typeof CROWDS, partPerSecond: number, seconds: number): void {
  const [now, gone, most] = CROWDS[cause];
  underWay.whole[now] = most;
  for (let atMs = 0; atMs <= seconds * 1_000; atMs += TICK_MS) {
    underWay.whole[gone] = (most * partPerSecond * atMs) / 1_000;
    refusals.tick(atMs, 0);
  }
}

describe('Retry-After of a refusal', () => {
  it.each(CAUSES)('for %s: is a second until anything is measured', (cause) => {
    underWay.whole[CROWDS[cause][0]] = CROWDS[cause][2];
    expect(retryAfterOf(refusals.refuseLast(cause))).toBe(1);
  });

  const paces = [4, 1.1, 0.9, 0.4, 0.26];
  it.each(CAUSES.flatMap((cause) => paces.map((pace) => [cause, pace] as const)))(
    'for %s: all that is there now will be gone by then, at %d of it a second',
    (cause, partPerSecond) => {
      crowd(cause, partPerSecond, 20);
      const seconds = retryAfterOf(refusals.refuseLast(cause));
      expect(seconds * partPerSecond).toBeGreaterThanOrEqual(1);
      expect((seconds - 1) * partPerSecond).toBeLessThan(1);
    },
  );

  it.each([
    ['waiting', 5],
    ['answers', 60],
    ['bodies', 30],
  ] as const)('for %s: grows while nothing moves, up to the time limit of those that wait: %d s', (cause, most) => {
    const grown = [1, 2, 60].map((seconds) => {
      crowd(cause, 0, seconds);
      return retryAfterOf(refusals.refuseLast(cause));
    });
    expect(grown).toEqual(grown.toSorted((a, b) => a - b));
    expect(grown[1]).toBeGreaterThan(1);
    expect(grown[2]).toBe(most);
  });

  it('is what the caller knows better', () => {
    const request = { raw: { headers: {} } } as FastifyRequest;
    expect(retryAfterOf(refusals.refuse('delay', request, 3))).toBe(3);
  });
});

describe('a refusal', () => {
  it.each<Cause>(['waiting', 'answers', 'bodies', 'delay'])('for %s begins the log of an overload, once', (cause) => {
    underWay.whole.waiting = 7;
    for (let n = 0; n < 100; n += 1) refusals.refuseLast(cause);
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', cause, waiting: 7 })]);
  });

  it('closes the connection if the rest of the body is not waited for', () => {
    expect(fieldsOf(refusals.refuseLast('bodies'))).toMatchObject({ connection: 'close' });
  });

  it('is over in the log after a while without others', () => {
    refusals.refuseLast('bodies');
    refusals.tick(60_000, 0);
    expect(lines).toHaveLength(2);
  });
});

describe('the connection of a refused request', () => {
  let server: Server;
  const clients: Socket[] = [];
  /** Each Retry-After. */
  let told: number[];

  beforeEach(async () => {
    told = [];
    server = createServer((raw, response) => {
      if (raw.url === '/refused') told.push(retryAfterOf(refusals.refuse('bodies', { raw } as FastifyRequest)));
      response.end();
    });
    // Otherwise Node closes those that are held here, in real time.
    server.keepAliveTimeout = 0;
    underWay.watch(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  async function refuse(): Promise<Socket> {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    clients.push(client);
    const requested = once(server, 'request') as Promise<[IncomingMessage]>;
    client.write('GET /refused HTTP/1.1\r\nHost: x\r\n\r\n');
    const [{ socket }] = await requested;
    return socket;
  }

  /** So many that the last of them are held for more than a second. */
  async function refuseMany(): Promise<Socket[]> {
    const served: Socket[] = [];
    while (served.length < 151) served.push(await refuse());
    return served;
  }

  const isHeld = (socket: Socket) => underWay.connections.get(socket)?.isHeld;

  it('is held as long as Retry-After says, the longer the more are', async () => {
    refusals.setHolding(true);
    const served = await refuseMany();
    expect([told[100], told[101], told[150]]).toEqual([1, 2, 2]);
    const heldAt = (atMs: number) => {
      refusals.tick(atMs, 0);
      return served.filter(isHeld).length;
    };
    expect([999, 1_000, 1_100, 1_490, 1_500].map(heldAt)).toEqual([151, 50, 40, 1, 0]);
  });

  it('raises nobody’s Retry-After once its client has gone', async () => {
    refusals.setHolding(true);
    await refuseMany();
    expect(told.at(-1)).toBe(2);
    for (const client of clients.splice(0)) client.destroy();
    while (underWay.connections.size > 0) await nextTurn();
    await refuse();
    expect(told.at(-1)).toBe(1);
  });

  it('goes on before its time only if there is a place and nobody was refused since the last look, few at first', async () => {
    refusals.setHolding(true);
    const served = await refuseMany();
    const heldAfter = (places: number) => {
      refusals.tick(0, places);
      return served.filter(isHeld).length;
    };
    expect([151, 151, 151, 3, 0, 151].map(heldAfter)).toEqual([151, 149, 145, 142, 142, 110]);
    refusals.refuseLast('bodies');
    expect([110, 110, 110].map(heldAfter)).toEqual([110, 108, 104]);
  });

  it('is held for a second', async () => {
    refusals.setHolding(true);
    const served = await refuse();
    refusals.tick(999, 1);
    expect(isHeld(served)).toBe(true);
    refusals.tick(1_000, 0);
    expect(isHeld(served)).toBe(false);
  });

  it('is not held while nobody looks, and goes on if nobody will', async () => {
    expect(isHeld(await refuse())).toBe(false);
    refusals.setHolding(true);
    const served = await refuse();
    expect(isHeld(served)).toBe(true);
    refusals.setHolding(false);
    expect(isHeld(served)).toBe(false);
  });
});
