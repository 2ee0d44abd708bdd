import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COSTLY_REQUESTS } from '../support/costly-requests.js';
import { longestTurnMs } from '../support/longest-turn.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** What one request may keep others waiting. */
const LIMIT_MS = 100;

describe('no request keeps others waiting for more than 100 ms', () => {
  let service: TestApp;
  const list = { list: Array<number>(8_000).fill(1) };
  beforeAll(async () => {
    service = await startTestApp();
    const large = { name: 'x', attributes: { text: 'x'.repeat(16_000) } };
    const ids = Array.from({ length: 200 }, (_, n) => `large-${n}`);
    await Promise.all(ids.map(async (id) => (await service.api.put(`/items/${id}`, large)).expect(201)));
  });
  afterAll(() => service.close());

  it.each(COSTLY_REQUESTS)('[A13] %s', async (_, method, target, options) => {
    await service.api.put('/items/costly', { name: 'x', attributes: list });
    let best = Infinity;
    // Once may meet the compiler or the garbage of what was before.
    for (let tries = 0; best >= LIMIT_MS && tries < 3; tries += 1) {
      const turn = await longestTurnMs(async () =>
        expect((await service.api.call(method, target, options)).status).toBeLessThan(500),
      );
      best = Math.min(best, turn);
    }
    expect(best).toBeLessThan(LIMIT_MS);
  });

  it('[A13] a whole list of the largest items: GET /items?limit=200', async () => {
    let best = Infinity;
    for (let tries = 0; best >= LIMIT_MS && tries < 3; tries += 1) {
      best = Math.min(best, await longestTurnMs(async () => (await service.api.get('/items?limit=200')).expect(200)));
    }
    expect(best).toBeLessThan(LIMIT_MS);
  });
});
