import { describe, expect, it } from '@jest/globals';
import { pageLinks } from './page-links.js';

describe('pageLinks', () => {
  it('[I2] names the next page and the first', () => {
    expect(pageLinks('/items', { limit: 5 }, 'abc')).toBe(
      '</items?limit=5&cursor=abc>; rel="next", </items?limit=5>; rel="first"',
    );
  });

  it('[I3] names no next page on the last one', () => {
    expect(pageLinks('/items', { limit: 5 }, null)).toBe('</items?limit=5>; rel="first"');
  });

  it('[I2] encodes what could end the reference', () => {
    expect(pageLinks('https://x.test/api/items', { name: 'a>b", &=' }, 'c')).toBe(
      '<https://x.test/api/items?name=a%3Eb%22,%20%26=&cursor=c>; rel="next", ' +
        '<https://x.test/api/items?name=a%3Eb%22,%20%26=>; rel="first"',
    );
  });

  it('[I2] gives a query back that is read as the same', () => {
    const all = Array.from({ length: 0x100 }, (_, code) => String.fromCodePoint(code)).join('');
    const value = `${all}\u{1f600}name==Bolt*;(a=in=(b,c))+%2B`;
    const [, reference = ''] = /<([^>]*)>/.exec(pageLinks('/items', { filter: value, none: undefined }, null))!;
    expect([...new URLSearchParams(reference.slice('/items?'.length))]).toEqual([['filter', value]]);
    expect(reference).toMatch(/^[!-~]+$/);
  });

  it('[I2] is not much longer than the query, and leaves the first page out of a very long field', () => {
    const ids = Array.from({ length: 200 }, (_, n) => `item-${n}:0123456789`).join(',');
    const field = pageLinks('/items', { ids }, 'abc');
    expect(field).toBe(`</items?ids=${ids}&cursor=abc>; rel="next"`);
  });
});
