import { describe, expect, it } from '@jest/globals';
import { returnPreference } from './prefer.js';

describe('returnPreference', () => {
  it.each([
    ['return=minimal', 'minimal'],
    ['return=representation', 'representation'],
    ['Return = "minimal"', 'minimal'],
    ['respond-async, return=minimal; x=1, wait=10', 'minimal'],
    ['note="a, return=representation", return=minimal', 'minimal'],
    ['[O4] return=minimal, return=representation', 'minimal'],
  ])('%s', (field, expected) => {
    expect(returnPreference(field.replace(/^\[O4\] /, ''))).toBe(expected);
  });

  it.each([
    undefined,
    '',
    ',',
    'return',
    'return=',
    'return=none',
    'return="minimal',
    'return=minimal2',
    'x-return=minimal',
    'handling=strict',
    'note="return=minimal"',
    'return=none, return=minimal',
    `return=minimal${' '.repeat(1_000)}`,
  ])('[O1] none in %j', (field) => {
    expect(returnPreference(field)).toBeUndefined();
  });

  it('reads anything in no time', () => {
    const began = process.cpuUsage();
    for (const piece of ['"', '\\"', ',', ' ', 'return=', 'return ', '='])
      returnPreference(piece.repeat(1_000 / piece.length));
    expect(process.cpuUsage(began).user).toBeLessThan(500_000);
  });
});
