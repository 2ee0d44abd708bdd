import { describe, expect, it } from '@jest/globals';
import { isNearlyFull, spaceOf } from './disk-space.js';

const GIB = 1024 ** 3;

describe('isNearlyFull', () => {
  it.each([
    [20 * GIB, GIB, false],
    [20 * GIB, GIB - 1, true],
    [1_000 * GIB, 10 * GIB, false],
    [1_000 * GIB, 10 * GIB - 1, true],
    [GIB, 0, true],
  ])('of %i bytes %i are free: %s', (total, free, expected) => {
    expect(isNearlyFull({ total, free })).toBe(expected);
  });
});

describe('spaceOf', () => {
  it('tells what the disk of a file has', async () => {
    const { total, free } = (await spaceOf(import.meta.filename))!;
    expect(free).toBeGreaterThan(0);
    expect(total).toBeGreaterThan(free);
  });

  it('is unknown without a file, and for a file that is not there', async () => {
    expect(await spaceOf(undefined)).toBeUndefined();
    expect(await spaceOf('/nowhere/items.sqlite')).toBeUndefined();
  });
});
