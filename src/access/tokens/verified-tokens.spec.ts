import { beforeAll, describe, expect, it } from '@jest/globals';
import { KeySet } from './key-set.js';
import { VerifiedTokens } from './verified-tokens.js';

const CALLER = { id: 'jwt:a|b', scopes: new Set<never>(), expiresAt: 1_000_000 };

describe('VerifiedTokens', () => {
  let keys: KeySet;
  let otherKeys: KeySet;
  beforeAll(async () => {
    keys = await KeySet.of([]);
    otherKeys = await KeySet.of([]);
  });

  it('remembers 10,000 tokens, and forgets the one that was verified first', () => {
    const tokens = new VerifiedTokens();
    for (let at = 0; at < 10_000; at += 1) tokens.add(`digest-${at}`, CALLER, keys, 0);
    tokens.add('digest-0', CALLER, keys, 0);
    tokens.add('one more', CALLER, keys, 0);
    const known = (digest: string) => tokens.find(digest, keys, 0) !== undefined;
    expect(['digest-0', 'digest-1', 'digest-2', 'one more'].map(known)).toEqual([true, false, true, true]);
  });

  it('forgets at the end of the token or after five minutes, whatever is first', () => {
    const tokens = new VerifiedTokens();
    tokens.add('long', CALLER, keys, 0);
    tokens.add('short', CALLER, keys, 900_000);
    expect([299_999, 300_000].map((now) => tokens.find('long', keys, now))).toEqual([CALLER, undefined]);
    expect([999_999, 1_000_000].map((now) => tokens.find('short', keys, now))).toEqual([CALLER, undefined]);
  });

  it('knows nothing under other keys, and forgets what earlier keys verified', () => {
    const tokens = new VerifiedTokens();
    tokens.add('a', CALLER, keys, 0);
    expect(tokens.find('a', otherKeys, 0)).toBeUndefined();
    tokens.add('b', CALLER, otherKeys, 0);
    expect(tokens.find('b', otherKeys, 0)).toBe(CALLER);
    expect(tokens.find('a', otherKeys, 0)).toBeUndefined();
  });
});
