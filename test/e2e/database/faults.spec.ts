import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../src/contract/operation.js';
import { replaceItem } from '../../../src/items/contract/items.operations.js';
import { eraseVersions } from '../../../src/items/contract/versions.operations.js';
import { getMetrics } from '../../../src/metrics/metrics.operations.js';
import { OPERATIONS } from '../../../src/operations.js';
import type { Answer } from '../../support/answer.js';
import { declaredAnswers } from '../../support/coverage/declared.js';
import { makeItemFor, validRequest } from '../../support/coverage/requests.js';
import { engine, TIMEOUT_MS } from '../../support/database/engine.js';
import { fillStorage, hideItems, type Mend } from '../../support/database/faults.js';
import { prepareOutage, type Outage } from '../../support/database/outage.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** Far more than one answer takes, in milliseconds. */
const MOST_MS = 10 * TIMEOUT_MS;

/** So many that they would take longer if they waited for each other, also on several connections. */
const MANY = 100;

/** The operations that declare this problem and can give it on this engine. The metrics only by the look-up of a key: metrics/trouble.spec.ts. */
function giversOf(code: string): Operation[] {
  const ids = declaredAnswers().filter((answer) => answer.code === code && answer.engines.includes(engine));
  return OPERATIONS.filter((one) => one !== getMetrics && ids.some(({ operation }) => operation === one.id));
}

// During each fault every operation that declares its status is called.
describe('a fault of the storage', () => {
  let outage: Outage;
  let service: TestApp;
  let mend: Mend | undefined;

  beforeAll(async () => {
    outage = await prepareOutage();
    service = await startTestApp({ database: outage.database });
    await makeItemFor(replaceItem, 'kept', service.api);
    await makeItemFor(eraseVersions, 'deleted', service.api);
  });
  afterEach(async () => {
    await mend?.();
    mend = undefined;
    (await service.api.get('/items/kept')).expect(200);
  });
  afterAll(async () => {
    await service?.close();
    await outage?.remove();
  });

  const ids = new Map([
    ['createItem', 'new'],
    ['eraseVersions', 'deleted'],
  ]);

  /** A call of each operation that gives this problem. */
  function callsGiving(code: string, readable: string[] = []): (() => Promise<Answer>)[] {
    const calls = giversOf(code).flatMap((operation) => {
      const { target, ...options } = validRequest(operation, ids.get(operation.id) ?? 'kept');
      const { method } = operation;
      return method === 'GET' && readable.includes(target) ? [] : () => service.api.call(method, target, options);
    });
    expect(calls).not.toEqual([]);
    return calls;
  }

  it('500 from every operation that needs a missing table', async () => {
    mend = await hideItems(service);
    for (const call of callsGiving('unexpected')) (await call()).expect(500, 'unexpected');
  });

  it('507 from every operation that needs room, if none is left', async () => {
    mend = await fillStorage(service);
    for (const call of callsGiving('storage-full')) (await call()).expect(507, 'storage-full');
  });

  it('[P2] 503 in time from every operation that needs the database, if it does not answer', async () => {
    mend = await outage.begin();
    const startedAt = performance.now();
    const calls = callsGiving('storage-unavailable', outage.readable);
    const sent = Array.from({ length: MANY / calls.length + 1 }, () => calls.map((call) => call())).flat();
    for (const answer of await Promise.all(sent)) answer.expect(503, 'storage-unavailable');
    expect(performance.now() - startedAt).toBeLessThan(MOST_MS);
  });

  it('503 in time to all requests that wait for a database that does not answer', async () => {
    mend = await outage.begin();
    const startedAt = performance.now();
    const calls = Array.from({ length: MANY }, (_, n) => service.api.put(`/items/waiting-${n}`, { name: 'x' }));
    for (const answer of await Promise.all(calls)) answer.expect(503, 'storage-unavailable');
    expect(performance.now() - startedAt).toBeLessThan(MOST_MS);
  });
});
