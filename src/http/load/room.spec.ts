import type { ServerResponse } from 'node:http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/config.js';
import { createLogger } from '../../telemetry/logger.js';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import { shareOf, type Share } from '../wire/connection-share.js';
import { Refusals } from './refusals.js';
import { Room } from './room.js';
import { CHECK_MS, MOST_SLOW_CHECKS } from './slow-callers.js';

const LIMITS = {
  maxWaiting: 100,
  maxAnswerBytes: 1_000,
  maxBodyBytes: 1_000,
  database: { timeoutMs: 5_000 },
} as Config;

describe('Room', () => {
  let underWay: AnswersUnderWay;
  let room: Room;
  beforeEach(() => {
    underWay = new AnswersUnderWay();
    const refusals = new Refusals(underWay, LIMITS, createLogger('silent'));
    room = new Room(underWay, refusals, LIMITS);
  });

  it.each([
    [0, 0, false, false],
    [1_000, 500, false, false],
    [1_001, 0, true, true],
    [0, 501, false, true],
  ])('with %d of 1000 bytes of answers and %d of bodies: full %s, scarce %s', (answers, bodies, isFull, isScarce) => {
    underWay.whole.answerBytes = answers;
    underWay.whole.bodyBytes = bodies;
    expect([room.isFull(), room.isScarce()]).toEqual([isFull, isScarce]);
  });

  it('lets in few large answers at a time, and more at once while they turn out to be small', async () => {
    room = new Room(underWay, {} as Refusals, { ...LIMITS, maxAnswerBytes: 1e9 });
    const letIn: Share[] = [];
    const shares = Array.from({ length: 40 }, () => ({ ...shareOf({} as ServerResponse), answerBytes: 1_000_000 }));
    const request = { route: {}, raw: {} } as FastifyRequest;
    for (const share of shares) room.admit(request, share, () => letIn.push(share));
    const settled = async () => {
      for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
      return letIn.length;
    };
    const make = (bytes: number) =>
      underWay.whole.made(
        letIn.find(({ isMade }) => !isMade)!,
        bytes,
        false,
      );
    expect(await settled()).toBe(2);
    make(1_000);
    await new Promise(setImmediate);
    expect(letIn).toHaveLength(17);
    expect(await settled()).toBe(17);
    make(500_000);
    expect(await settled()).toBe(17);
    make(1_000);
    expect(await settled()).toBe(19);
    // Nobody waits any longer.
    for (const share of shares) share.isOver = true;
  });

  it('cuts clients that move nothing before the shortest Retry-After is over', () => {
    expect(CHECK_MS * MOST_SLOW_CHECKS).toBeLessThan(1_000);
  });
});
