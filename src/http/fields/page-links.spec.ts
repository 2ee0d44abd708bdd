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
      '<https://x.test/api/items?name=a%3Eb%22%2C+%26%3D&cursor=c>; rel="next", ' +
        '<https://x.test/api/items?name=a%3Eb%22%2C+%26%3D>; rel="first"',
    );
  });
});
