import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leastTurnMs, slowness } from '../../support/cpu-time.js';
import { COSTLY_TO_REFUSE } from '../../support/requests/costly-requests.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** How long one request may make others wait. */
const LIMIT_MS = 100 * slowness();

describe('no request that is refused for what it is makes others wait for more than 100 ms', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it.each(COSTLY_TO_REFUSE)('[A13] %s', async (_, method, target, options) => {
    const send = async () =>
      expect([400, 404, 413]).toContain((await service.api.call(method, target, options)).status);
    expect(await leastTurnMs(send, LIMIT_MS)).toBeLessThan(LIMIT_MS);
  });
});
