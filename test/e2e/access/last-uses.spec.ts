import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '../../../src/access/keys/api-keys.js';
import type { IssuedKey } from '../../../src/access/keys/issued-keys.js';
import { LastUses } from '../../../src/access/keys/last-uses.js';
import { WRITER } from '../../../src/database/database.module.js';
import { issueKey, issueMany } from '../../support/access/api-keys.js';
import { statementsDuring } from '../../support/access/look-ups.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { holdKeys } from '../../support/database/faults.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
let keys: ApiKeys;
let key: IssuedKey;
beforeAll(async () => {
  service = await startTestApp();
  keys = service.app.get(ApiKeys);
});
beforeEach(async () => {
  key = await issueKey(service);
});
afterAll(() => service?.close());

/** Another process on the same database, at the same time. */
const startOther = async () => {
  const other = await startTestApp({ database: service.config.database });
  other.clock.now = service.clock.now;
  return other;
};

const wait = (ms: number) => {
  service.clock.now = new Date(service.clock.now.getTime() + ms);
};
const now = () => service.clock.now.toISOString();
const use = async () => expect((await keys.callerOf(key.text))?.id).toBe(`key:${key.id}`);
const recorded = async (id = key.id) =>
  (await queryDirectly(service.config.database, `SELECT last_used_at AS at FROM api_keys WHERE id = '${id}'`))[0]?.at;
const untilRecorded = async (at: string) => {
  while ((await recorded()) !== at) await pause(5);
};
/** Waits until what was noted so far is recorded, or was left out. */
const settled = ({ app }: TestApp) => app.get(LastUses).settled();

describe('the last use of a key', () => {
  it('is recorded, then once a minute', async () => {
    expect(await recorded()).toBeNull();
    const first = now();
    await use();
    await untilRecorded(first);
    for (let seconds = 0; seconds < 59; seconds += 1) {
      wait(1_000);
      await use();
    }
    await settled(service);
    expect(await recorded()).toBe(first);
    wait(999);
    await use();
    await settled(service);
    expect(await recorded()).toBe(first);
    wait(1);
    await use();
    await settled(service);
    expect(await recorded()).toBe(now());
  });

  it('is not tried again within the minute, even if it could not be recorded', async () => {
    const release = await holdKeys(service.config.database);
    const uses = async () => {
      for (let seconds = 0; seconds < 59; seconds += 1) {
        await use();
        await settled(service);
        wait(1_000);
      }
    };
    // On SQLite its three statements: the time limit, the record, the time limit.
    expect(await statementsDuring(service.app, uses, WRITER)).toBeLessThanOrEqual(3);
    await release();
  });

  it('is not recorded for a key that does not count', async () => {
    await keys.callerOf(`${key.text.slice(0, -1)}?`);
    await settled(service);
    expect(await recorded()).toBeNull();
  });

  it('is recorded once a minute by all processes together', async () => {
    const first = now();
    await use();
    await untilRecorded(first);
    const other = await startOther();
    const uses = other.app.get(LastUses);
    const start = service.clock.now.getTime();
    uses.note(key.id, start + 59_999);
    await settled(other);
    expect(await recorded()).toBe(first);
    uses.note(key.id, start + 60_000);
    await untilRecorded(new Date(start + 60_000).toISOString());
    await other.close();
  });

  it('is recorded for many keys together', async () => {
    const texts = await issueMany(service, 500);
    await Promise.all(texts.map(async (text) => keys.callerOf(text)));
    const times = `SELECT DISTINCT last_used_at AS at FROM api_keys WHERE name = 'one of many'`;
    const found = () => queryDirectly(service.config.database, times);
    while ((await found()).some(({ at }) => at === null)) await pause(5);
    expect(await found()).toEqual([{ at: now() }]);
  });

  it('is left out while somebody else changes the database; no request waits or fails, and nothing is logged', async () => {
    const release = await holdKeys(service.config.database);
    const logged = service.log.length;
    const startedAt = performance.now();
    for (let minutes = 0; minutes < 20; minutes += 1) {
      wait(60_000);
      await use();
      await settled(service);
    }
    // Each that would wait for the other would do so for a second at least.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await recorded()).toBeNull();
    wait(59_999);
    await use();
    await release();
    await settled(service);
    expect(await recorded()).toBeNull();
    wait(1);
    await use();
    await untilRecorded(now());
    expect(service.log.slice(logged).filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('that could not be recorded is recorded with the next use of any key, each with its own time', async () => {
    const other = await issueKey(service);
    const release = await holdKeys(service.config.database);
    const first = now();
    await use();
    await settled(service);
    await release();
    expect(await recorded()).toBeNull();
    wait(1_000);
    expect(await keys.callerOf(other.text)).toBeDefined();
    await settled(service);
    expect([await recorded(), await recorded(other.id)]).toEqual([first, now()]);
  });

  it('is recorded before the process ends, also one that could not be recorded before', async () => {
    const ending = await startOther();
    const others = await issueMany(service, 20);
    const release = await holdKeys(service.config.database);
    const keysOfEnding = ending.app.get(ApiKeys);
    expect(await keysOfEnding.callerOf(key.text)).toBeDefined();
    await settled(ending);
    await release();
    expect(await recorded()).toBeNull();
    // The first of them begins a record, and the others are noted while it is made.
    await Promise.all(others.map(async (text) => keysOfEnding.callerOf(text)));
    await ending.close();
    const ids = [key.id, ...others.map((text) => text.split('_')[1]!)];
    expect(await Promise.all(ids.map((id) => recorded(id)))).toEqual(ids.map(() => now()));
  });

  it('is recorded before the process ends, if it could not be and no other key was used', async () => {
    const ending = await startOther();
    const release = await holdKeys(service.config.database);
    expect(await ending.app.get(ApiKeys).callerOf(key.text)).toBeDefined();
    await settled(ending);
    await release();
    await ending.close();
    expect(await recorded()).toBe(now());
  });

  it('does not keep the service from stopping', async () => {
    const ending = await startOther();
    expect(await ending.app.get(ApiKeys).callerOf(key.text)).toBeDefined();
    await ending.close();
    expect(ending.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is left out while the schema is that of a newer release', async () => {
    await queryDirectly(
      service.config.database,
      `INSERT INTO migrations (timestamp, name) VALUES (9764000000000, 'AddSomething9764000000000')`,
    );
    await use();
    await settled(service);
    expect(await recorded()).toBeNull();
  });
});
