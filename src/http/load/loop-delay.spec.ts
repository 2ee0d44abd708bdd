import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { LoopDelay, TICK_MS } from './loop-delay.js';

const LIMIT_MS = 200;

/** A loop whose turns took so long, one after the other. */
function loopAfter(...turnsMs: number[]): LoopDelay {
  const loop = new LoopDelay(LIMIT_MS);
  let nowMs = 1_000;
  loop.tick(nowMs);
  for (const turnMs of turnsMs) loop.tick((nowMs += turnMs));
  return loop;
}

const refusedOf = (loop: LoopDelay, count: number) =>
  Array.from({ length: count }, () => loop.refusesOneMore()).filter(Boolean).length;

const LATE = TICK_MS + LIMIT_MS + 1;

describe('LoopDelay', () => {
  it.each([
    ['checks in time', [TICK_MS, TICK_MS + LIMIT_MS, TICK_MS, TICK_MS]],
    ['checks that are as late as they may be', Array<number>(3).fill(TICK_MS + LIMIT_MS)],
    ['a single long task', [60_000]],
    ['two long tasks', [LATE, LATE]],
    ['long tasks with a pause between them', [LATE, LATE, TICK_MS, LATE, LATE]],
  ])('refuses nobody after %s', (_, turnsMs) => {
    expect(refusedOf(loopAfter(...turnsMs), 1_000)).toBe(0);
  });

  it('lets 16 requests in in each turn of a loop that was late three times in a row, and refuses the others', async () => {
    const loop = loopAfter(LATE, LATE, LATE);
    expect(refusedOf(loop, 16)).toBe(0);
    expect(refusedOf(loop, 100)).toBe(100);
    await nextTurn();
    expect(refusedOf(loop, 17)).toBe(1);
  });

  it('lets all in again after one check in time', () => {
    expect(refusedOf(loopAfter(LATE, LATE, LATE, LATE, TICK_MS), 1_000)).toBe(0);
  });

  it('tells how late the latest check was', () => {
    expect(loopAfter(TICK_MS + 1_234).delayMs).toBe(1_234);
    expect(loopAfter(1_234, TICK_MS).delayMs).toBe(0);
  });
});
