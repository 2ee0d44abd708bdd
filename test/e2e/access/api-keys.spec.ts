import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '../../../src/access/keys/api-keys.js';
import type { IssuedKey, IssuedKeys } from '../../../src/access/keys/issued-keys.js';
import { newId, newKey } from '../../../src/access/keys/key-text.js';
import type { Caller } from '../../../src/contract/caller.js';
import { DatabaseFault } from '../../../src/database/faults/database-fault.js';
import { issueKey, withIssuedKeys } from '../../support/access/api-keys.js';
import { statementsDuring } from '../../support/access/look-ups.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const HOUR_MS = 3_600_000;

let service: TestApp;
let keys: ApiKeys;
let key: IssuedKey;
/** Each part has a service of its own, and each test a key. */
const onItsOwnService = () => {
  beforeAll(async () => {
    service = await startTestApp();
    keys = service.app.get(ApiKeys);
  });
  beforeEach(async () => {
    key = await issueKey(service);
  });
  afterAll(() => service?.close());
};

const wait = (ms: number) => {
  service.clock.now = new Date(service.clock.now.getTime() + ms);
};
const query = (statement: string) => queryDirectly(service.config.database, statement);
const issued = <T>(work: (all: IssuedKeys) => Promise<T>) => withIssuedKeys(service, work);
const idOf = async (text: string, maxAgeMs?: number) => (await keys.callerOf(text, maxAgeMs))?.id;

/** The caller as known without a look-up. Error: it must be looked up. */
function callerAtHand(text: string): Caller | undefined {
  const caller = keys.callerOf(text);
  if (!(caller instanceof Promise)) return caller;
  caller.catch(() => undefined);
  throw new Error('it is looked up');
}
const idAtHand = (text: string) => callerAtHand(text)?.id;

describe('the caller of a key', () => {
  onItsOwnService();

  it('is named after its id, and has its scopes and its end', async () => {
    const lasting = await keys.callerOf(key.text);
    const knownUntil = service.clock.now.getTime() + 5_000;
    expect(lasting).toEqual({ id: `key:${key.id}`, scopes: new Set(['items:read', 'items:write']), knownUntil });
    const ending = await issueKey(service, { scopes: ['changes:read'], lifetimeMs: HOUR_MS });
    expect(await keys.callerOf(ending.text)).toEqual({
      id: `key:${ending.id}`,
      scopes: new Set(['changes:read']),
      knownUntil,
      expiresAt: service.clock.now.getTime() + HOUR_MS,
    });
  });

  it('has no rights that this release does not know', async () => {
    await query(`UPDATE api_keys SET scopes = 'items:read items:paint'`);
    expect((await keys.callerOf(key.text))?.scopes).toEqual(new Set(['items:read']));
  });

  it('is nobody from the moment when the key expires', async () => {
    const { text, id } = await issueKey(service, { lifetimeMs: 10_000 });
    wait(9_999);
    expect(await idOf(text)).toBe(`key:${id}`);
    wait(1);
    expect(await idOf(text)).toBeUndefined();
  });

  it('is nobody for an unknown id, for another secret under a known id, and for what is no key', async () => {
    for (const other of [newKey(newId()), newKey(key.id), '', 'items_', `${key.text}x`, 'eyJhbGciOiJub25lIn0.e30.']) {
      expect(await idOf(other)).toBeUndefined();
    }
    expect(await idOf(key.text)).toBe(`key:${key.id}`);
    expect(await idOf(newKey(key.id))).toBeUndefined();
  });
});

describe('a mistyped key', () => {
  onItsOwnService();

  it('is told without a look-up, whatever character is wrong or swapped with its neighbour', async () => {
    await idOf(key.text);
    const wrong = [...key.text].flatMap((right, at) => [
      key.text.slice(0, at) + (right === 'a' ? 'b' : 'a') + key.text.slice(at + 1),
      key.text.slice(0, at) + (key.text[at + 1] ?? '') + right + key.text.slice(at + 2),
    ]);
    const others = wrong.filter((text) => text !== key.text);
    expect(others.length).toBeGreaterThan(120);
    expect(others.filter((text) => idAtHand(text) !== undefined)).toEqual([]);
  });
});

describe('what a look-up found', () => {
  onItsOwnService();

  it('is remembered for 5 s from its start, so a revocation holds by then', async () => {
    const looked = keys.callerOf(key.text);
    // The look-up takes 3 s.
    wait(3_000);
    expect((await looked)?.id).toBe(`key:${key.id}`);
    await issued((all) => all.revoke(key.id));
    wait(900);
    expect(idAtHand(key.text)).toBe(`key:${key.id}`);
    wait(1_100);
    expect(await idOf(key.text)).toBeUndefined();
  });

  it('is read again after 4 s, in the background, so a key in use never waits', async () => {
    await idOf(key.text);
    const scopesAtHand = () => [...(callerAtHand(key.text)?.scopes ?? [])].join();
    for (const scope of ['items:read', 'items:write', 'changes:read']) {
      await query(`UPDATE api_keys SET scopes = '${scope}'`);
      wait(4_000);
      expect(scopesAtHand()).not.toBe(scope);
      const untilReadAgain = async () => {
        for (let known = ''; known !== scope; known = scopesAtHand()) await nextTurn();
      };
      expect(await statementsDuring(service.app, untilReadAgain)).toBe(1);
    }
  });

  it('is not read again before', async () => {
    await idOf(key.text);
    wait(3_999);
    const uses = () => Promise.resolve(Array.from({ length: 100 }, () => idAtHand(key.text)));
    expect(await statementsDuring(service.app, uses)).toBe(0);
  });

  it('is remembered of unknown keys too, for as long', async () => {
    const unknown = newKey(newId());
    expect(await idOf(unknown)).toBeUndefined();
    wait(4_999);
    expect(idAtHand(unknown)).toBeUndefined();
    wait(1);
    expect(() => idAtHand(unknown)).toThrow('it is looked up');
  });

  it('is remembered no longer if the clock is set back', async () => {
    const unknown = newKey(newId());
    await idOf(key.text);
    await idOf(unknown);
    wait(-HOUR_MS);
    service.clock.setBackMs = HOUR_MS;
    wait(4_999);
    expect([idAtHand(key.text), idAtHand(unknown)]).toEqual([`key:${key.id}`, undefined]);
    wait(1);
    for (const text of [key.text, unknown]) expect(() => idAtHand(text)).toThrow('it is looked up');
  });

  it('is as young as asked, for what goes on for long', async () => {
    await idOf(key.text);
    await issued((all) => all.revoke(key.id));
    wait(1_000);
    expect(await idOf(key.text, 1_001)).toBe(`key:${key.id}`);
    expect(await idOf(key.text, 1_000)).toBeUndefined();
  });
});

describe('look-ups', () => {
  onItsOwnService();

  it('of the same key at once share their queries', async () => {
    const many = () => Promise.all(Array.from({ length: 1_000 }, () => idOf(key.text)));
    // The first ones, which wait for nobody, and two groups of up to 500.
    expect(await statementsDuring(service.app, many)).toBeLessThanOrEqual(4);
    expect(new Set(await many())).toEqual(new Set([`key:${key.id}`]));
  });

  it('are the same for an unknown id as for a wrong secret under a known one, used or not: one statement, and none again', async () => {
    const unused = await issueKey(service);
    await idOf(key.text);
    for (const text of [newKey(newId()), newKey(unused.id), newKey(key.id)]) {
      const ask = async () => expect(await idOf(text)).toBeUndefined();
      expect([await statementsDuring(service.app, ask), await statementsDuring(service.app, ask)]).toEqual([1, 0]);
    }
  });

  it('are made together, many keys in one query', async () => {
    const madeUp = Array.from({ length: 1_500 }, () => newKey(newId()));
    const flood = async () => {
      expect(new Set(await Promise.all(madeUp.map((text) => idOf(text))))).toEqual(new Set([undefined]));
    };
    expect(await statementsDuring(service.app, flood)).toBeLessThanOrEqual(5);
    expect(await statementsDuring(service.app, flood)).toBe(0);
  });

  it('see what was written before they were asked for, while others are under way', async () => {
    const rotations = { left: sized(15, 60) };
    const askOften = async () => {
      while (rotations.left > 0) expect(await idOf(newKey(key.id))).toBeUndefined();
    };
    const rotateOften = async (all: IssuedKeys) => {
      for (; rotations.left > 0; rotations.left -= 1) {
        const { text } = (await all.rotate(key.id, true))!;
        expect(await idOf(text)).toBe(`key:${key.id}`);
      }
    };
    await issued((all) => Promise.all([rotateOften(all), askOften(), askOften()]));
  });
});

describe('without its database', () => {
  onItsOwnService();

  const hide = () => query('ALTER TABLE api_keys RENAME TO api_keys_hidden');
  const show = () => query('ALTER TABLE api_keys_hidden RENAME TO api_keys');

  it('a known key counts until its 5 s are over, and then fails; so does an unknown one at once', async () => {
    await idOf(key.text);
    await hide();
    wait(4_999);
    expect(idAtHand(key.text)).toBe(`key:${key.id}`);
    await expect(idOf(newKey(newId()))).rejects.toBeInstanceOf(DatabaseFault);
    expect(idAtHand(key.text)).toBe(`key:${key.id}`);
    wait(1);
    await expect(idOf(key.text)).rejects.toBeInstanceOf(DatabaseFault);
    await show();
    expect(await idOf(key.text)).toBe(`key:${key.id}`);
  });

  it('calls that wait for the next look-up fail with this one', async () => {
    await hide();
    const time = service.clock.now;
    let looks = 0;
    // Each call looks at the clock once, and so does each look-up.
    Object.defineProperty(service.clock, 'now', { get: () => ((looks += 1), time), configurable: true });
    const calls = Array.from({ length: 1_500 }, () => idOf(newKey(newId())));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    expect(looks - calls.length).toBeLessThanOrEqual(2);
    Object.defineProperty(service.clock, 'now', { value: time, writable: true });
    await show();
  });
});

describe('a rotated key', () => {
  onItsOwnService();

  const rotate = (isNow: boolean) => issued((all) => all.rotate(key.id, isNow));

  it('has a new secret under its id, which works at once; the old one works for 24 h', async () => {
    await idOf(key.text);
    const { id, text } = (await rotate(false))!;
    expect(id).toBe(key.id);
    expect(await idOf(text)).toBe(`key:${key.id}`);
    expect(idAtHand(key.text)).toBe(`key:${key.id}`);
    wait(24 * HOUR_MS - 1);
    expect(await idOf(key.text)).toBe(`key:${key.id}`);
    wait(1);
    expect(await idOf(key.text)).toBeUndefined();
    expect(await idOf(text)).toBe(`key:${key.id}`);
  });

  it('with --now has the new secret alone, 5 s later at the latest', async () => {
    await idOf(key.text);
    const { text } = (await rotate(true))!;
    wait(5_000);
    expect(await idOf(key.text)).toBeUndefined();
    expect(await idOf(text)).toBe(`key:${key.id}`);
  });

  it('twice has the latest two secrets, and after --now the latest one', async () => {
    const second = (await rotate(false))!;
    const third = (await rotate(false))!;
    const works = async (...texts: string[]) => (await Promise.all(texts.map((text) => idOf(text)))).map(Boolean);
    expect(await works(key.text, second.text, third.text)).toEqual([false, true, true]);
    const fourth = (await rotate(true))!;
    wait(5_000);
    expect(await works(key.text, second.text, third.text, fourth.text)).toEqual([false, false, false, true]);
  });

  it('expires when it would have', async () => {
    const ending = await issueKey(service, { lifetimeMs: HOUR_MS });
    const { text } = (await issued((all) => all.rotate(ending.id, false)))!;
    expect(await idOf(text)).toBe(`key:${ending.id}`);
    wait(HOUR_MS);
    expect(await Promise.all([idOf(text), idOf(ending.text)])).toEqual([undefined, undefined]);
    expect(await issued((all) => all.rotate(ending.id, false))).toBeUndefined();
  });
});

describe('two services on one database', () => {
  onItsOwnService();

  let other: TestApp;
  let keysOfOther: ApiKeys;
  beforeEach(async () => {
    other = await startTestApp({ database: service.config.database });
    keysOfOther = other.app.get(ApiKeys);
  });
  afterEach(() => other?.close());

  it('both refuse a revoked key within 5 s, and an old one after a rotation with --now', async () => {
    const second = await issueKey(service);
    for (const { id, text } of [key, second]) {
      expect((await keysOfOther.callerOf(text))?.id).toBe(`key:${id}`);
      expect(await idOf(text)).toBe(`key:${id}`);
    }
    await issued((all) => all.revoke(key.id));
    const { text } = (await issued((all) => all.rotate(second.id, true)))!;
    wait(5_000);
    other.clock.now = service.clock.now;
    for (const old of [key.text, second.text]) {
      expect(await idOf(old)).toBeUndefined();
      expect(await keysOfOther.callerOf(old)).toBeUndefined();
    }
    expect((await keysOfOther.callerOf(text))?.id).toBe(`key:${second.id}`);
  });
});
