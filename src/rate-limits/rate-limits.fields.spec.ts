import { describe, expect, it } from '@jest/globals';
import { serializeList } from 'structured-headers';
import { SEED, seededRandom } from '../../test/support/random.js';
import { rateLimitWriter } from './rate-limits.fields.js';

describe('the field RateLimit', () => {
  it(`is what the library for structured fields writes, seed ${SEED}`, () => {
    const random = seededRandom(SEED);
    const upTo = (most: number) => Math.floor(random() * (most + 1));
    for (let n = 0; n < 1_000; n += 1) {
      const name = n % 2 ? 'read' : 'write';
      const left = { requests: upTo(10 ** upTo(9)), seconds: upTo(10 ** upTo(5)), isExceeded: false };
      const parameters = new Map(Object.entries({ r: left.requests, t: left.seconds }));
      expect(rateLimitWriter(name)(left)).toBe(serializeList([[name, parameters]]));
    }
  });
});
