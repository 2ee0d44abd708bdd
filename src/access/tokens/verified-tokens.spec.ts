import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KeySet } from './key-set.js';
import { VerifiedTokens } from './verified-tokens.js';

const CALLER = { id: 'jwt:a|b', scopes: new Set<never>(), expiresAt: 1_000_000 };

describe('VerifiedTokens', () => {
  let keys: KeySet;
  let otherKeys: KeySet;
  let now: number;
  let passed: number;
  let tokens: VerifiedTokens;
  beforeAll(async () => {
    keys = await KeySet.of([]);
    otherKeys = await KeySet.of([]);
  });
  beforeEach(() => {
    now = 0;
    passed = 0;
    tokens = new VerifiedTokens(
      () => new Date(now),
      () => passed,
    );
  });

  it('remembers 10,000 tokens, and forgets the one that was verified first', () => {
    for (let at = 0; at < 10_000; at += 1) tokens.add(`digest-${at}`, CALLER, keys);
    tokens.add('digest-0', CALLER, keys);
    tokens.add('one more', CALLER, keys);
    const known = (digest: string) => tokens.find(digest, keys) !== undefined;
    expect(['digest-0', 'digest-1', 'digest-2', 'one more'].map(known)).toEqual([true, false, true, true]);
  });

  it('forgets at the end of the token or after five minutes, whatever is first', () => {
    tokens.add('a', CALLER, keys);
    const isKnown = (at: { now: number; passed: number }) => {
      ({ now, passed } = at);
      return tokens.find('a', keys) !== undefined;
    };
    // The time can be set, what has passed can't.
    expect(isKnown({ now: 999_999, passed: 299_999 })).toBe(true);
    expect(isKnown({ now: 1_000_000, passed: 299_999 })).toBe(false);
    expect(isKnown({ now: -999_999, passed: 300_000 })).toBe(false);
  });

  it('knows nothing under other keys, and forgets what earlier keys verified', () => {
    tokens.add('a', CALLER, keys);
    expect(tokens.find('a', otherKeys)).toBeUndefined();
    tokens.add('b', CALLER, otherKeys);
    expect(tokens.find('b', otherKeys)).toBe(CALLER);
    expect(tokens.find('a', otherKeys)).toBeUndefined();
  });
});
