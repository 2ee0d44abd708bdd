import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COSTLY_REQUESTS } from '../../support/requests/costly-requests.js';
import { leastTurnMs, LONGEST_TURN_MS } from '../../support/cpu-time.js';
import { migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** An object whose member has a name of its own. */
const unlikeOthers = (n: number, at: number) => ({ [(n * 1_300 + at).toString(36)]: {} });

/** One after the other, without a turn in between, so many take several times as long as they may. */
const MANY = sized(15, 60);

// main-thread-of-refusals.spec.ts has what is refused before a database has a part in it.
describe('no request makes others wait for more than 100 ms', () => {
  let database: TestDatabase;
  let service: TestApp;
  const list = { list: Array<number>(8_000).fill(1) };
  beforeAll(async () => {
    database = await migratedDatabase();
    // On a busy machine much at once takes long.
    service = await startTestApp({ database: { ...database.config, timeoutMs: 60_000 } });
  });
  afterAll(async () => {
    await service?.close();
    await database?.drop();
  });

  it.each(COSTLY_REQUESTS)('[A13] %s', async (_, method, target, options) => {
    await service.api.put('/items/costly', { name: 'x', attributes: list });
    const send = async () => expect((await service.api.call(method, target, options)).status).toBeLessThan(500);
    expect(await leastTurnMs(send)).toBeLessThan(LONGEST_TURN_MS);
  });

  it(`[A13] many at once do not either: ${MANY} patches of 9,990 members`, async () => {
    const attributes = Object.fromEntries(Array.from({ length: 9_990 }, (_, n) => [n.toString(36), 1]));
    const ids = Array.from({ length: MANY }, (_, n) => `many-${n}`);
    await Promise.all(ids.map((id) => service.api.put(`/items/${id}`, { name: 'x' })));
    const statuses: number[] = [];
    const patchAll = async () => {
      const answers = await Promise.all(ids.map((id) => service.api.patch(`/items/${id}`, { attributes })));
      statuses.push(...answers.map(({ status }) => status));
    };
    expect(await leastTurnMs(patchAll)).toBeLessThan(LONGEST_TURN_MS);
    // So many members exceed the bound of an item, which is judged once they are merged.
    expect(new Set(statuses)).toEqual(new Set([422]));
  });

  it.each([
    ['text', () => ({ text: 'x'.repeat(16_000) })],
    [
      'objects that all have other names',
      (n: number) => ({ list: Array.from({ length: 1_300 }, (_, at) => unlikeOthers(n, at)) }),
    ],
  ])('[A13] a whole page of the largest items, made of %s: GET /items?limit=200', async (_, attributesOf) => {
    const attributes = Array.from({ length: 80 }, (_item, n) => attributesOf(n));
    const puts = attributes.map((own, n) => service.api.put(`/items/large-${n}`, { name: 'x', attributes: own }));
    for (const put of puts) expect((await put).status).toBeLessThan(300);
    const readPage = async () => {
      const { content } = (await service.api.get('/items?limit=200')).expect(200);
      expect(content.length).toBeGreaterThan(1_000_000);
    };
    expect(await leastTurnMs(readPage)).toBeLessThan(LONGEST_TURN_MS);
  });
});
