import { describe, expect, it } from '@jest/globals';
import { ClearingRate } from './clearing-rate.js';

const MOST_WAITING = 1_000;
const MOST_SECONDS = 5;
const TICK_MS = 50;

/** The estimate for a full service after so many seconds in which it answered so many requests a second. */
function secondsAfter(seconds: number, perSecond: number, rate = new ClearingRate(MOST_WAITING, MOST_SECONDS)): number {
  for (let nowMs = 0; nowMs <= seconds * 1_000; nowMs += TICK_MS) {
    rate.tick(nowMs, MOST_WAITING, (perSecond * nowMs) / 1_000);
  }
  return rate.secondsFor(MOST_WAITING);
}

describe('ClearingRate', () => {
  it('is a second until anything is measured', () => {
    expect(new ClearingRate(MOST_WAITING, MOST_SECONDS).secondsFor(MOST_WAITING)).toBe(1);
    expect(secondsAfter(0, 0)).toBe(1);
  });

  it.each([
    [10_000, 1],
    [1_100, 1],
    [900, 2],
    [400, 3],
    [250, 4],
  ])('after a while with %d answers a second: %d s', (perSecond, seconds) => {
    expect(secondsAfter(20, perSecond)).toBe(seconds);
  });

  it('grows while nothing is answered, but not beyond the most', () => {
    expect([0.5, 1, 2, 60].map((seconds) => secondsAfter(seconds, 0))).toEqual([1, 2, 4, 5]);
  });

  it('forgets a slow time once few requests wait', () => {
    const rate = new ClearingRate(MOST_WAITING, MOST_SECONDS);
    expect(secondsAfter(10, 0, rate)).toBe(5);
    rate.tick(10_050, MOST_WAITING / 2, 0);
    expect(rate.secondsFor(MOST_WAITING)).toBe(1);
  });

  it('is a second at least, also for a crowd that has just gone', () => {
    expect(new ClearingRate(MOST_WAITING, MOST_SECONDS).secondsFor(0)).toBe(1);
  });

  it('learns nothing from two looks at the same time', () => {
    const rate = new ClearingRate(MOST_WAITING, MOST_SECONDS);
    expect(secondsAfter(20, 400, rate)).toBe(3);
    rate.tick(20_000, MOST_WAITING, 1_000_000);
    expect(rate.secondsFor(MOST_WAITING)).toBe(3);
  });
});
