import { describe, expect, it } from '@jest/globals';
import { Gatherer, type GroupLimits } from './gatherer.js';

/** A gatherer whose groups stay in flight until the test ends them. */
function startGatherer(limits: Partial<GroupLimits> = {}) {
  const groups: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const run = (calls: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      groups.push(calls);
      ends.push((error) => (error ? reject(error) : resolve(calls.map((call) => `${call} done`))));
    });
  const work = {
    run,
    // a1 has the key a; ab+1 has the keys a and b, and counts for two.
    keysOf: (call: string) => (call.includes('+') ? [...call.split('+')[0]!] : [call.charAt(0)]),
    countOf: (call: string) => Math.max(1, call.indexOf('+')),
    bytesOf: (call: string) => call.length,
  };
  const gatherer = new Gatherer(work, { maxCalls: 3, maxBytes: 100, maxGroupsInFlight: 1, ...limits });
  const end = async (group: number, error?: Error) => {
    ends[group]?.(error);
    await new Promise(setImmediate);
  };
  return { gatherer, groups, end };
}

describe('Gatherer', () => {
  it('runs a call at once when idle', () => {
    const { gatherer, groups } = startGatherer();
    void gatherer.call('a1');
    expect(groups).toEqual([['a1']]);
  });

  it('collects calls while a group is in flight, and gives each its own result', async () => {
    const { gatherer, groups, end } = startGatherer();
    const results = ['a1', 'b1', 'c1'].map((call) => gatherer.call(call));
    await end(0);
    expect(groups).toEqual([['a1'], ['b1', 'c1']]);
    await end(1);
    expect(await Promise.all(results)).toEqual(['a1 done', 'b1 done', 'c1 done']);
  });

  it('keeps groups within their limits of calls and bytes; a call above the limit goes alone', async () => {
    const { gatherer, groups, end } = startGatherer({ maxBytes: 8 });
    for (const call of ['a', 'b', 'c', 'd', 'e', 'f-much-too-long', 'g']) void gatherer.call(call);
    for (let group = 0; group < 5; group += 1) await end(group);
    expect(groups).toEqual([['a'], ['b', 'c', 'd'], ['e'], ['f-much-too-long'], ['g']]);
  });

  it('never has calls of one key in two groups in flight, and keeps their order', async () => {
    const { gatherer, groups, end } = startGatherer({ maxGroupsInFlight: 2 });
    for (const call of ['a1', 'a2', 'b1', 'a3']) void gatherer.call(call);
    expect(groups).toEqual([['a1'], ['b1']]);
    await end(1);
    expect(groups).toHaveLength(2);
    await end(0);
    expect(groups[2]).toEqual(['a2', 'a3']);
  });

  it('keeps the order of one key across any number of groups', async () => {
    const { gatherer, groups, end } = startGatherer({ maxGroupsInFlight: 2, maxCalls: 2 });
    for (const call of ['a1', 'a2', 'a3', 'b1', 'a4', 'a5', 'c1', 'a6']) void gatherer.call(call);
    for (let group = 0; group < 6; group += 1) await end(group);
    expect(groups).toEqual([['a1'], ['b1'], ['a2', 'a3'], ['c1'], ['a4', 'a5'], ['a6']]);
  });

  it('counts a call of several as that many, and lets one above the limit go alone', async () => {
    const { gatherer, groups, end } = startGatherer();
    for (const call of ['a', 'b', 'cd+1', 'e', 'fghi+1', 'j']) void gatherer.call(call);
    for (let group = 0; group < 5; group += 1) await end(group);
    expect(groups).toEqual([['a'], ['b', 'cd+1'], ['e'], ['fghi+1'], ['j']]);
  });

  it('keeps the order of calls that share one of their keys', async () => {
    const { gatherer, groups, end } = startGatherer({ maxGroupsInFlight: 2, maxCalls: 10 });
    // ab+1 waits for a, b1 and bc+1 behind it for b, c1 behind that for c.
    for (const call of ['a1', 'ab+1', 'b1', 'bc+1', 'c1', 'd1']) void gatherer.call(call);
    expect(groups).toEqual([['a1'], ['d1']]);
    await end(1);
    expect(groups).toHaveLength(2);
    await end(0);
    expect(groups.slice(2)).toEqual([['ab+1', 'b1', 'bc+1', 'c1']]);
    await end(2);
  });

  it('lets no call overtake one that waits for another of its keys', async () => {
    const { gatherer, groups, end } = startGatherer({ maxGroupsInFlight: 2, maxCalls: 10 });
    // b2 came first and waits for b; ab+1 waits for both. a is free before b.
    for (const call of ['a1', 'b1', 'b2', 'ab+1', 'a2']) void gatherer.call(call);
    expect(groups).toEqual([['a1'], ['b1']]);
    await end(0);
    expect(groups).toHaveLength(2);
    await end(1);
    expect(groups.slice(2)).toEqual([['b2', 'ab+1', 'a2']]);
    await end(2);
  });

  it('rejects waiting calls, parked ones too, and lets running groups end', async () => {
    const { gatherer, groups, end } = startGatherer({ maxGroupsInFlight: 2 });
    const outcomes = ['a1', 'a2', 'b1', 'c1'].map((call) => gatherer.call(call).catch((error: Error) => error.message));
    expect(groups).toEqual([['a1'], ['b1']]);
    gatherer.failWaiting(new Error('gone'));
    await end(0);
    await end(1);
    expect(await Promise.all(outcomes)).toEqual(['a1 done', 'gone', 'b1 done', 'gone']);
    expect(groups).toHaveLength(2);
  });

  it('rejects every call of a group that failed, and goes on', async () => {
    const { gatherer, groups, end } = startGatherer();
    const first = gatherer.call('a1').catch((error: Error) => error.message);
    const second = gatherer.call('b1');
    await end(0, new Error('broken'));
    await end(1);
    expect(await first).toBe('broken');
    expect(await second).toBe('b1 done');
    expect(groups).toHaveLength(2);
  });
});

describe('Gatherer of calls of several kinds', () => {
  it('makes groups of one kind: the first that waits goes first, with all of its kind up to the limit', async () => {
    const groups: string[][] = [];
    const ends: (() => void)[] = [];
    const run = (calls: string[]) =>
      new Promise<string[]>((resolve) => {
        groups.push(calls);
        ends.push(() => resolve(calls));
      });
    const limits = { maxCalls: 2, maxBytes: Infinity, maxGroupsInFlight: 1 };
    const gatherer = new Gatherer({ run, kindOf: (call: string) => call.charAt(0) }, limits);
    const results = ['a1', 'b1', 'c1', 'b2', 'c2', 'b3'].map((call) => gatherer.call(call));
    for (let n = 0; n < 4; n += 1) {
      ends[n]!();
      await new Promise(setImmediate);
    }
    expect(groups).toEqual([['a1'], ['b1', 'b2'], ['c1', 'c2'], ['b3']]);
    expect(await Promise.all(results)).toEqual(['a1', 'b1', 'c1', 'b2', 'c2', 'b3']);
  });
});
