import { describe, expect, it } from '@jest/globals';
import { KnownQueries, LONGEST_KNOWN, MOST_KNOWN } from './known-queries.js';

const OWNER = {};

describe('KnownQueries', () => {
  it('finds what was kept for the same owner and target alone, and nobody can change it', () => {
    const known = new KnownQueries();
    const read = { limit: 1 };
    known.keep(OWNER, '/items?limit=1', read);
    expect(known.find(OWNER, '/items?limit=1')).toBe(read);
    expect(known.find({}, '/items?limit=1')).toBeUndefined();
    expect(known.find(OWNER, '/items?limit=2')).toBeUndefined();
    expect(Object.isFrozen(read)).toBe(true);
  });

  it('keeps the latest, and no long ones', () => {
    const known = new KnownQueries();
    const targets = Array.from({ length: MOST_KNOWN + 1 }, (_, n) => `/items?limit=${n}`);
    for (const target of targets) known.keep(OWNER, target, {});
    const found = targets.filter((target) => known.find(OWNER, target));
    expect(found).toEqual(targets.slice(1));
    const long = '/'.padEnd(LONGEST_KNOWN, 'x');
    for (const target of [long, `${long}x`]) known.keep(OWNER, target, {});
    expect([long, `${long}x`].map((target) => known.find(OWNER, target) !== undefined)).toEqual([true, false]);
  });
});
