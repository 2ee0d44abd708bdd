import { describe, expect, it } from '@jest/globals';
import { Slots } from './slots.js';

describe('Slots', () => {
  it('runs two tasks at once and the others in their order, whether tasks succeed or fail', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: ((error?: Error) => void)[] = [];
    const results = [0, 1, 2, 3].map((at) =>
      slots.run(() => {
        begun.push(at);
        return new Promise<number>((resolve, reject) => {
          ends[at] = (error) => (error ? reject(error) : resolve(at));
        });
      }),
    );
    const settled = Promise.allSettled(results);
    const end = async (at: number, error?: Error) => {
      ends[at]!(error);
      await new Promise(setImmediate);
    };
    expect(begun).toEqual([0, 1]);
    await end(1, new Error('failed'));
    expect(begun).toEqual([0, 1, 2]);
    await end(0);
    expect(begun).toEqual([0, 1, 2, 3]);
    await end(2);
    await end(3);
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await slots.run(() => Promise.resolve('free again'))).toBe('free again');
  });
});
