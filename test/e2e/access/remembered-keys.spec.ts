import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '../../../src/access/keys/api-keys.js';
import { newId, newKey } from '../../../src/access/keys/key-text.js';
import { MAX_KNOWN, MAX_UNKNOWN } from '../../../src/access/keys/key.limits.js';
import type { DatabaseFault } from '../../../src/database/faults/database-fault.js';
import { issueKey, issueMany } from '../../support/access/api-keys.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
let keys: ApiKeys;
beforeAll(async () => {
  service = await startTestApp();
  keys = service.app.get(ApiKeys);
});
afterAll(() => service?.close());

const idOf = async (text: string) => (await keys.callerOf(text))?.id;
const isAtHand = (text: string) => {
  const caller = keys.callerOf(text);
  if (!(caller instanceof Promise)) return true;
  caller.catch(() => undefined);
  return false;
};

describe('what is remembered of keys', () => {
  it('is bounded: of more unknown keys than that, the first is forgotten', async () => {
    const madeUp = Array.from({ length: MAX_UNKNOWN + 1 }, () => newKey(newId()));
    for (const text of madeUp.slice(0, 2)) await idOf(text);
    await Promise.all(madeUp.slice(2).map((text) => idOf(text)));
    expect([madeUp[0]!, madeUp[1]!, madeUp.at(-1)!].map(isAtHand)).toEqual([false, true, true]);
    for (const text of [madeUp[0]!, madeUp[1]!, madeUp.at(-1)!]) expect(await idOf(text)).toBeUndefined();
  });

  it('is bounded: of more keys in use than that, the first is forgotten', async () => {
    const many = await issueMany(service, MAX_KNOWN + 1);
    for (const text of many.slice(0, 2)) await idOf(text);
    await Promise.all(many.slice(2).map((text) => idOf(text)));
    expect([many[1]!, many[0]!].map(isAtHand)).toEqual([true, false]);
    for (const text of many.slice(0, 2)) expect(await idOf(text)).toMatch(/^key:/);
  });
});

describe('look-ups of keys', () => {
  it('are refused beyond 10,000 that wait; none of them is lost', async () => {
    const answers = Array.from({ length: 10_001 }, () => idOf(newKey(newId())));
    const outcomes = await Promise.allSettled(answers);
    const refused = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.map(({ reason }) => (reason as DatabaseFault).kind)).toEqual(['unavailable']);
    const key = await issueKey(service);
    expect(await idOf(key.text)).toBe(`key:${key.id}`);
  });
});
