import { jest } from '@jest/globals';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Quota } from './quota.js';

describe('a quota', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void jest.useRealTimers());

  const use = (quota: Quota, name: string, times: number) => {
    let last = quota.use(name);
    for (let n = 1; n < times; n += 1) last = quota.use(name);
    return last;
  };

  it('counts down, and is exceeded by the request after the last', () => {
    const quota = new Quota({ quota: 2, windowSeconds: 60 });
    expect(quota.use('a')).toEqual({ requests: 1, seconds: 60, isExceeded: false });
    expect(quota.use('a')).toEqual({ requests: 0, seconds: 60, isExceeded: false });
    expect(quota.use('a')).toEqual({ requests: 0, seconds: 60, isExceeded: true });
    expect(quota.use('b')).toMatchObject({ requests: 1 });
  });

  it('is whole again after the seconds that it gave, however many requests were refused', () => {
    const quota = new Quota({ quota: 1, windowSeconds: 60 });
    quota.use('a');
    jest.advanceTimersByTime(59_001);
    const { seconds, isExceeded } = use(quota, 'a', 10);
    expect([seconds, isExceeded]).toEqual([1, true]);
    jest.advanceTimersByTime(1_000 * seconds);
    expect(quota.use('a')).toEqual({ requests: 0, seconds: 60, isExceeded: false });
  });

  it('counts a bounded number of names each for itself, and lets further ones share', () => {
    const quota = new Quota({ quota: 3, windowSeconds: 60 }, 10);
    for (let n = 0; n < 10; n += 1) quota.use(`known ${n}`);
    // More names than shared counts, each once: some must meet.
    const lefts = Array.from({ length: 2_000 }, (_, n) => quota.use(`new ${n}`));
    expect(lefts.filter(({ requests }) => requests < 2).length).toBeGreaterThan(900);
    expect(jest.getTimerCount()).toBeLessThanOrEqual(10 + 1_024);
    expect(quota.use('known 3')).toMatchObject({ requests: 1 });
    jest.advanceTimersByTime(120_000);
    expect(jest.getTimerCount()).toBe(0);
    expect(quota.use('new 1')).toMatchObject({ requests: 2 });
    expect(quota.use('new 2')).toMatchObject({ requests: 2 });
  });

  it('counts many requests of a name if all of them are left, else none', () => {
    const quota = new Quota({ quota: 5, windowSeconds: 60 });
    quota.use('a');
    expect(quota.useMore('a', 5)).toEqual({ requests: 4, seconds: 60, isExceeded: true });
    expect(quota.useMore('a', 4)).toEqual({ requests: 0, seconds: 60, isExceeded: false });
    expect(quota.useMore('a', 1)).toMatchObject({ requests: 0, isExceeded: true });
  });

  it('lets the first name beyond that number share, also if the others came in the window before', () => {
    const quota = new Quota({ quota: 3, windowSeconds: 60 }, 2);
    for (const name of ['a', 'b', 'beyond']) quota.use(name);
    // So many that each of the shared counts is used up.
    const useUp = (names: string) => {
      for (let n = 0; n < 30_000; n += 1) quota.use(`${names} ${n}`);
    };
    useUp('others');
    expect(quota.use('b')).toMatchObject({ requests: 1 });
    expect(quota.use('beyond')).toMatchObject({ isExceeded: true });
    jest.advanceTimersByTime(120_000);
    for (const name of ['c', 'd']) quota.use(name);
    // Another window of the clock, before theirs is over.
    jest.advanceTimersByTime(30_000);
    quota.use('later');
    useUp('more');
    expect(quota.use('d')).toMatchObject({ requests: 1 });
    expect(quota.use('later')).toMatchObject({ isExceeded: true });
  });

  it('counts names, not requests, against that number', () => {
    const quota = new Quota({ quota: 3_000, windowSeconds: 60 }, 2_000);
    use(quota, 'busy', 2_000);
    for (let n = 0; n < 1_900; n += 1) expect(quota.use(`new ${n}`)).toMatchObject({ requests: 2_999 });
  });
});
