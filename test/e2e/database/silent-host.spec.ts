import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { getMetrics } from '../../../src/metrics/metrics.operations.js';
import { OPERATIONS } from '../../../src/operations.js';
import type { Answer } from '../../support/answer.js';
import { declaredAnswers } from '../../support/coverage/declared.js';
import { makeItemFor, validRequest } from '../../support/coverage/requests.js';
import { describeOnServer, engine, TIMEOUT_MS } from '../../support/database/engine.js';
import { prepareSilentHost, type SilentHost } from '../../support/database/silent-host.js';
import { readinessNow } from '../../support/readiness.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** Far more than one answer takes, and less than if they waited for each other, in milliseconds. */
const MOST_MS = 10 * TIMEOUT_MS;

/** The metrics need it only to look up a key. */
const needing = OPERATIONS.filter(
  (one) =>
    one !== getMetrics &&
    declaredAnswers().some(
      ({ operation, code, engines }) =>
        operation === one.id && code === 'storage-unavailable' && engines.includes(engine),
    ),
);

describeOnServer('a host of the database that swallows all packets', () => {
  let host: SilentHost;
  let service: TestApp;
  beforeAll(async () => {
    host = await prepareSilentHost();
    service = await startTestApp({ database: host.database });
  });
  afterAll(async () => {
    host?.mend();
    await service?.close();
    await host?.remove();
  });

  const callAll = (round: string) =>
    needing.map(async (operation): Promise<[id: string, answer: Answer, ms: number]> => {
      const startedAt = performance.now();
      const { target, ...options } = validRequest(operation, `${round}-${operation.id}`);
      const answer = await service.api.call(operation.method, target, options);
      return [operation.id, answer, performance.now() - startedAt];
    });
  const prepare = async (round: string) => {
    for (const operation of needing) await makeItemFor(operation, `${round}-${operation.id}`, service.api);
  };

  it('[P66] 503 in time from every operation that needs it; once packets arrive again, all go on over new connections', async () => {
    for (const round of ['first', 'silent', 'again']) await prepare(round);
    for (const [id, { status }] of await Promise.all(callAll('first'))) expect([id, status < 300]).toEqual([id, true]);
    host.swallow();
    // What readiness found before counts no more.
    service.clock.now = new Date(service.clock.now.getTime() + 2_000);
    for (const [id, answer, ms] of await Promise.all(callAll('silent'))) {
      answer.expect(503, 'storage-unavailable');
      expect(answer.headers['retry-after']).toBe('1');
      expect([id, ms < MOST_MS]).toEqual([id, true]);
    }
    (await service.api.get('/health/live')).expect(200);
    host.mend();
    (await readinessNow(service)).expect(200);
    for (const [id, { status }] of await Promise.all(callAll('again'))) expect([id, status < 300]).toEqual([id, true]);
  });
});
