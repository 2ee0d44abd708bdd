import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Drain } from '../../../src/http/wire/drain.js';
import { OPERATIONS } from '../../../src/operations.js';
import { validRequest } from '../../support/coverage/requests.js';
import { proves } from '../../support/proof.js';
import { startStopping, type StoppingApp } from '../../support/stopping-app.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const TIMEOUT_MS = 60_000;

describe('a service that stops while a request is running', () => {
  let service: StoppingApp;
  beforeAll(async () => {
    service = await startStopping({ shutdownTimeoutMs: TIMEOUT_MS });
  });
  afterAll(() => service.finish());

  it.each(OPERATIONS.filter(({ isProbe }) => !isProbe).map((operation) => ({ operation, ...operation })))(
    '[P1] [L9] 503 to $method $path, on a new connection that then closes',
    async ({ operation, method }) => {
      const { target, ...options } = validRequest(operation, 'any');
      proves('P1');
      const answer = (await service.api.call(method, target, options)).expect(503, 'shutting-down');
      expect(answer.headers.connection).toBe('close');
      expect(answer.json.retryable).toBe(true);
      proves('L9');
      const seconds = Number(answer.headers['retry-after']);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(TIMEOUT_MS / 1_000);
    },
  );

  it('[P1] 503 to an unknown path, to another method and to OPTIONS', async () => {
    for (const [method, target] of [
      ['GET', '/nowhere'],
      ['TRACE', '/items'],
      ['OPTIONS', '/items'],
    ] as const) {
      (await service.api.call(method, target)).expect(503, 'shutting-down');
    }
  });

  it('[P1] 200 to liveness, 503 to readiness', async () => {
    expect((await service.api.get('/health/live')).expect(200).headers.connection).toBe('close');
    (await service.api.get('/health/ready')).expect(503, 'shutting-down');
  });
});

describe('the request that is running', () => {
  it('[P1] 201 with Connection: close, and the service ends', async () => {
    const service = await startStopping();
    const { statusCode, headers } = await service.finish();
    expect([statusCode, headers.connection]).toEqual([201, 'close']);
    await expect(service.api.get('/health/live')).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('DRAIN_DELAY_MS', () => {
  let service: TestApp;
  beforeEach(async () => {
    service = await startTestApp({ drainDelayMs: 3_000 });
  });
  afterEach(() => service.close());

  it('[P1] 503 to readiness, and requests are served with Connection: close, until it is over', async () => {
    const { api } = service;
    const drain = service.app.get(Drain);
    const closed = service.app.close();
    while (!drain.isStopping) await nextTurn();
    (await api.get('/health/ready')).expect(503, 'shutting-down');
    const answer = (await api.put('/items/a', { name: 'a' })).expect(201);
    expect(answer.headers.connection).toBe('close');
    (await api.get('/items/a')).expect(200);
    await closed;
    await expect(api.get('/health/live')).rejects.toThrow(/ECONNREFUSED/);
  });
});
