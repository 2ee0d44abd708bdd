import { describe, expect, it } from '@jest/globals';
import { JsonReader } from './json-reader.js';

const LONG = Buffer.from(JSON.stringify('x'.repeat(40_000)));

describe('JsonReader', () => {
  it('reads one long document in each turn of the event loop', async () => {
    const reader = new JsonReader();
    let turns = 0;
    const count = () => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const readIn = await Promise.all([1, 2, 3].map(() => reader.read(LONG).then(() => turns)));
    clearImmediate(next);
    expect(new Set(readIn).size).toBe(3);
  });

  it('does not wait for the documents of another service in the same process', async () => {
    const [busy, other] = [new JsonReader(), new JsonReader()];
    const order: string[] = [];
    const reads = [1, 2].map((number) => busy.read(LONG).then(() => order.push(`busy ${number}`)));
    await Promise.all([...reads, other.read(LONG).then(() => order.push('other'))]);
    expect(order.at(-1)).toBe('busy 2');
  });
});
