import { describe, expect, it } from '@jest/globals';
import { BadRequestException } from '@nestjs/common';
import { keyIn } from './idempotency-key.js';

describe('[M5] an Idempotency-Key', () => {
  it.each([
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['a"b', 'a"b'],
    ['~!#;=,', '~!#;=,'],
    ['"key";v=1', 'key'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ])('%s is the key %s', (field, key) => {
    expect(keyIn(field)).toBe(key);
  });

  it.each(['', '""', '"', '"a', '"a"b', '"a\\b"', 'a b', '"a b"', '"a", "b"', 'ä', '\u007f', 'x'.repeat(256)])(
    '%j is refused',
    (field) => {
      expect(() => keyIn(field)).toThrow(BadRequestException);
    },
  );
});
