import { describe, expect, it } from '@jest/globals';
import { requestIdOf } from './request-id.js';

const idOf = (given?: string) => requestIdOf({ headers: { ...(given !== undefined && { 'x-request-id': given }) } });

describe('requestIdOf', () => {
  it.each(['a', '7', 'A-z_0.9', '-', 'x'.repeat(128)])('[P9] keeps %j', (given) => {
    expect(idOf(given)).toBe(given);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'a,b', 'a\nb', 'ä', '"a"', 'a;b', 'a/b'])('[P9] replaces %j', (given) => {
    expect(idOf(given)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('[P9] makes a new one each time where none is given', () => {
    expect(new Set(Array.from({ length: 100 }, () => idOf())).size).toBe(100);
  });
});
