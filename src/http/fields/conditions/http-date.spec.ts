import { describe, expect, it } from '@jest/globals';
import { parseHttpDate } from './http-date.js';

const MOMENT = Date.UTC(1994, 10, 6, 8, 49, 37);
const NOW = new Date('2026-11-24T00:00:00Z');

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', MOMENT],
    ['Sunday, 06-Nov-94 08:49:37 GMT', MOMENT],
    ['Sun Nov  6 08:49:37 1994', MOMENT],
    ['Sun Nov 16 08:49:37 1994', MOMENT + 10 * 86_400_000],
    ['Thu, 29 Feb 2024 00:00:00 GMT', Date.UTC(2024, 1, 29)],
    ['Saturday, 01-Jan-76 00:00:00 GMT', Date.UTC(2076, 0, 1)],
    ['Saturday, 01-Jan-77 00:00:00 GMT', Date.UTC(1977, 0, 1)],
  ])('%s', (text, moment) => {
    expect(parseHttpDate(text, NOW)).toBe(moment);
  });

  it.each([
    '',
    'yesterday',
    '0',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'sun, 06 nov 1994 08:49:37 gmt',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Xyz 1994 08:49:37 GMT',
    'Sun, 31 Feb 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:49:37 GMT',
    'Sun, 06 Nov 1994 08:60:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('[D13] %j is none', (text) => {
    expect(parseHttpDate(text, NOW)).toBeUndefined();
  });
});
