import { describe, expect, it } from '@jest/globals';
import { Histogram, SECONDS } from './histogram.js';

describe('Histogram', () => {
  it('counts a value in the first bucket whose bound it does not exceed', () => {
    const histogram = new Histogram([1, 10]);
    for (const value of [0, 1, 1.5, 10, 10.5, Infinity]) histogram.observe(value);
    expect([...histogram.counts]).toEqual([2, 2, 2]);
  });

  it('adds up the values', () => {
    const histogram = new Histogram(SECONDS);
    for (const value of [0.25, 0.5, 20]) histogram.observe(value);
    expect(histogram.sum).toBe(20.75);
    expect(histogram.counts.at(-1)).toBe(1);
  });
});
