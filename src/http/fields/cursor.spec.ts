import { describe, expect, it } from '@jest/globals';
import { BadRequestException } from '@nestjs/common';
import { decodeCursor, encodeCursor } from './cursor.js';

describe('a cursor', () => {
  it.each(['a', '7', 'bolt-m8', 'x'.repeat(128), 'grün 😀'])('gives back the position %j', (position) => {
    expect(decodeCursor('items', encodeCursor('items', position))).toBe(position);
  });

  it('is made of characters that need no encoding in a query', () => {
    for (let n = 0; n < 300; n += 1) expect(encodeCursor('items', `id-${n}`)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  // [I8]: what callers hold today must work after every later change.
  it('[I8] never expires: the one of bolt-m8 is always this', () => {
    expect(encodeCursor('items', 'bolt-m8')).toBe('EEs6zoaLYm9sdC1tOA');
  });

  it('[I7] is refused with any one character changed, left out or added', () => {
    const cursor = encodeCursor('items', 'bolt-m8');
    for (let at = 0; at <= cursor.length; at += 1) {
      const other = cursor[at] === 'A' ? 'B' : 'A';
      const changed = [
        cursor.slice(0, at) + other + cursor.slice(at + 1),
        cursor.slice(0, at) + other + cursor.slice(at),
        cursor.slice(0, at) + cursor.slice(at + 1),
        cursor.slice(0, at) + '=' + cursor.slice(at),
      ].filter((one) => one !== cursor);
      for (const one of changed) expect(() => decodeCursor('items', one)).toThrow(BadRequestException);
    }
  });

  it.each(['', '=', ' ', 'AAAA', '😀', '__proto__', 'A'.repeat(10_000)])('[I7] is refused if it is %j', (cursor) => {
    expect(() => decodeCursor('items', cursor)).toThrow(BadRequestException);
  });

  it('[I7] is refused by another listing', () => {
    expect(() => decodeCursor('versions', encodeCursor('items', 'a'))).toThrow(BadRequestException);
  });
});
