import { describe, expect, it } from '@jest/globals';
import { isExactNumber } from './exact-number.js';

describe('isExactNumber', () => {
  it.each([
    '0',
    '-0',
    '0.0',
    '0e5',
    '0e99999',
    '1',
    '1.0',
    '-1.50',
    '100',
    '1e2',
    '1E+2',
    '10e-1',
    '0.1',
    '0.30000000000000004',
    '9007199254740991',
    '9007199254740992',
    '1e21',
    '1000000000000000000000',
    '1e-7',
    '0.0000001',
    '5e-324',
    '1.7976931348623157e308',
    '123456789012345.5',
  ])('%s means the same after a double', (literal) => {
    expect(isExactNumber(literal)).toBe(true);
  });

  it.each([
    '1e400',
    '-1e400',
    '1e-400',
    '9007199254740993',
    '12345678901234567890',
    '0.1000000000000000055511',
    '0.30000000000000001',
    '1.7976931348623158e309',
    '4e-324',
    '3.14159265358979323846',
  ])('[E12] %s does not', (literal) => {
    expect(isExactNumber(literal)).toBe(false);
  });

  it('every double is exact as JavaScript writes it, also with its digits moved by an exponent', () => {
    for (let n = 1; n < 2_000; n += 1) {
      const value = Math.sin(n) * 10 ** ((n % 600) - 300);
      expect([value, isExactNumber(String(value))]).toEqual([value, true]);
      expect([value, isExactNumber(value.toExponential())]).toEqual([value, true]);
    }
  });

  it('a megabyte of zeros between two digits takes no longer than reading it', () => {
    expect(isExactNumber(`0.1${'0'.repeat(1_000_000)}1`)).toBe(false);
    expect(isExactNumber(`0.1${'0'.repeat(1_000_000)}`)).toBe(true);
  });
});
