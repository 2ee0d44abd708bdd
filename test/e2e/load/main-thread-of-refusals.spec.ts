import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leastTurnMs, LONGEST_TURN_MS } from '../../support/cpu-time.js';
import { COSTLY_TO_REFUSE } from '../../support/requests/costly-to-refuse.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describe('no request that is refused for what it is makes others wait for more than 100 ms', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it.each(COSTLY_TO_REFUSE)('[A13] %s', async (_, method, target, options) => {
    const send = async () =>
      expect([400, 404, 413]).toContain((await service.api.call(method, target, options)).status);
    expect(await leastTurnMs(send)).toBeLessThan(LONGEST_TURN_MS);
  });
});
