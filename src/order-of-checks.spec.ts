import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ORDER_OF_CHECKS } from './order-of-checks.js';

describe('ORDER_OF_CHECKS', () => {
  it('names files that exist', () => {
    const files = Object.values(ORDER_OF_CHECKS).flatMap((steps) =>
      steps.flatMap(({ by }) => (Array.isArray(by) ? by : [])),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !existsSync(`src/${file}`))).toEqual([]);
  });
});
