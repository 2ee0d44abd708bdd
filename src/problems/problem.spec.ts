import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { problem } from './problem.js';

const lost = problem(
  NotFoundException,
  { code: 'lost', title: 'Lost', retryable: false, meaning: 'It is lost.', remedy: 'Look for it.' },
  (name: string) => {
    if (name === '') throw new Error('no name');
    return { detail: `${name} is lost.` };
  },
  ['x'],
);

describe('problem', () => {
  it('collects no stack', () => {
    expect(lost('key').stack).not.toMatch(/\n\s+at /);
  });

  it('leaves other errors their stack, also if no problem could be made', () => {
    expect(() => lost('')).toThrow(expect.objectContaining({ stack: expect.stringMatching(/\n\s+at /) }));
    expect(new Error('other').stack).toMatch(/\n\s+at /);
  });
});
