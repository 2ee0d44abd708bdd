import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ADDRESS_RANGES } from '../../../src/config/settings/trusted-proxies.js';
import { OPERATIONS } from '../../../src/operations.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { validRequest } from '../../support/coverage/requests.js';
import { scrape } from '../../support/metrics/scrape.js';
import type { Caller } from '../../support/caller.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const NOW = Date.parse('2026-01-02T03:04:05.678Z');

/** Windows are counted by the system's clock. Nothing else of the service's time stands still. */
const ONLY_DATE = {
  now: NOW,
  doNotFake: [
    'hrtime',
    'nextTick',
    'performance',
    'queueMicrotask',
    'setImmediate',
    'clearImmediate',
    'setInterval',
    'clearInterval',
    'setTimeout',
    'clearTimeout',
  ],
} as const;

const LIMITS = {
  rateLimits: { read: { quota: 3, windowSeconds: 60 }, write: { quota: 2, windowSeconds: 3_600 } },
  trustedProxies: [],
};

describe('limits of requests', () => {
  let service: TestApp;
  beforeEach(async () => {
    jest.useFakeTimers({ ...ONLY_DATE, doNotFake: [...ONLY_DATE.doNotFake] });
    service = await startTestApp(LIMITS);
  });
  afterEach(async () => {
    await service?.close();
    jest.useRealTimers();
  });

  it('[L6] each answer of an operation with a limit says what is left of it, and others do not', async () => {
    const { api } = service;
    const expected = [
      [await api.get('/items'), '"read";q=3;w=60', '"read";r=2;t=60'],
      [await api.get('/items/none'), '"read";q=3;w=60', '"read";r=1;t=60'],
      [await api.call('HEAD', '/items?nope=1'), '"read";q=3;w=60', '"read";r=0;t=60'],
      [await api.put('/items/a', {}), '"write";q=2;w=3600', '"write";r=1;t=3600'],
      [await api.get('/'), undefined, undefined],
      [await api.call('OPTIONS', '/items'), undefined, undefined],
      [await api.call('TRACE', '/items'), undefined, undefined],
    ] as const;
    expect(expected.map(([{ status }]) => status)).toEqual([200, 404, 400, 400, 200, 204, 405]);
    for (const [{ headers }, policy, left] of expected) {
      expect([headers['ratelimit-policy'], headers.ratelimit]).toEqual([policy, left]);
    }
  });

  it('[L5] [L7] [L8] [L24] 429 beyond the limit: it changes nothing, and who waits for Retry-After gets through', async () => {
    const { api } = service;
    for (const id of ['a', 'b']) (await api.put(`/items/${id}`, { name: 'x' })).expect(201);
    jest.setSystemTime(NOW + 600_100);
    proves('L5');
    const refused = (await api.put('/items/c', { name: 'x' })).expect(429, 'quota-exceeded');
    expect(refused.headers['cache-control']).toBe('no-store');
    proves('L7');
    expect(refused.headers['retry-after']).toBe('3000');
    expect(refused.headers.ratelimit).toBe('"write";r=0;t=3000');
    proves('L8');
    expect(refused.json).toMatchObject({ retryable: true, violatedPolicies: ['write'] });
    proves('L5');
    (await api.get('/items/c')).expect(404, 'item-not-found');

    jest.setSystemTime(NOW + 600_100 + 3_000_000);
    proves('L24');
    (await api.put('/items/c', { name: 'x' })).expect(201);
  });

  it('429 says no more than a window after the clock was set back by a day', async () => {
    const { api } = service;
    for (const id of ['a', 'b']) (await api.put(`/items/${id}`, { name: 'x' })).expect(201);
    jest.setSystemTime(NOW - 86_400_000);
    const { headers } = (await api.put('/items/c', { name: 'x' })).expect(429, 'quota-exceeded');
    expect([headers['retry-after'], headers.ratelimit]).toEqual(['3600', '"write";r=0;t=3600']);
  });

  it('[L25] reads and writes have limits of their own', async () => {
    const { api } = service;
    for (let n = 0; n < 3; n += 1) (await api.get('/items')).expect(200);
    (await api.get('/items')).expect(429, 'quota-exceeded');
    (await api.put('/items/a', { name: 'x' })).expect(201);
  });

  it('what is refused is counted in the metrics, by limit', async () => {
    const { api } = service;
    for (let n = 0; n < 4; n += 1) await api.get('/items');
    for (let n = 0; n < 4; n += 1) await api.delete('/items/none');
    const metrics = await scrape(api);
    const limited = (limit: string) => metrics.value('items_limited_requests_total', { limit });
    expect(['read', 'write', 'refused-credentials'].map(limited)).toEqual([1, 2, 0]);
  });

  it('[L5] every operation that counts against a limit refuses beyond it, before its body is read', async () => {
    const { api } = service;
    for (let n = 0; n < 3; n += 1) (await api.get('/items')).expect(200);
    for (let n = 0; n < 2; n += 1) (await api.delete('/items/none')).expect(404, 'item-not-found');
    const limited = OPERATIONS.filter(({ rate }) => rate !== undefined);
    expect(limited.length).toBeGreaterThan(5);
    for (const operation of limited) {
      const { target, ...options } = validRequest(operation, 'some');
      (await api.call(operation.method, target, options)).expect(429, 'quota-exceeded');
    }
    const headers = { 'content-type': 'application/json', 'content-length': '2000000', expect: '100-continue' };
    (await api.call('POST', '/items', { headers })).expect(429, 'quota-exceeded');
  });
});

describe('the limit of refused credentials', () => {
  let service: TestApp;
  beforeEach(async () => {
    jest.useFakeTimers({ ...ONLY_DATE, doNotFake: [...ONLY_DATE.doNotFake] });
    service = await startTestApp({ auth: 'required' });
  });
  afterEach(async () => {
    await service?.close();
    jest.useRealTimers();
  });

  it('[L71] who waits for Retry-After is told 401 again, and not a moment sooner', async () => {
    const guess = () => service.api.with('Bearer nope').get('/items');
    for (let n = 0; n < 30; n += 1) (await guess()).expect(401, 'invalid-token');
    jest.setSystemTime(NOW + 12_345);
    const seconds = Number((await guess()).expect(429, 'quota-exceeded').headers['retry-after']);
    expect(seconds).toBe(48);
    jest.setSystemTime(NOW + 12_345 + (seconds - 1) * 1_000);
    (await guess()).expect(429, 'quota-exceeded');
    jest.setSystemTime(NOW + 12_345 + seconds * 1_000);
    (await guess()).expect(401, 'invalid-token');
    expect((await scrape(service.api)).value('items_limited_requests_total', { limit: 'refused-credentials' })).toBe(2);
  });
});

describe('limits of requests behind a proxy', () => {
  // Who has a credential is counted by it, wherever a request comes from.
  const ANONYMOUS_LIMITS = { ...LIMITS, auth: 'off' as const };
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

  it('[L26] count each client that a trusted proxy names', async () => {
    const service = await startTestApp({ ...ANONYMOUS_LIMITS, trustedProxies: ADDRESS_RANGES.parse('127.0.0.0/8') });
    const { api } = service;
    for (let n = 0; n < 3; n += 1) (await api.get('/items', from('192.0.2.1'))).expect(200);
    (await api.get('/items', from('192.0.2.1'))).expect(429, 'quota-exceeded');
    (await api.get('/items', from('192.0.2.2'))).expect(200);
    (await api.get('/items', from('192.0.2.1, 192.0.2.3'))).expect(200);
    (await api.get('/items')).expect(200);
    await service.close();
  });

  it('count each credential, not the address that all have', async () => {
    const service = await startTestApp({ ...LIMITS, auth: 'required' });
    const [one, other] = [KEYS.reader, KEYS.writer].map((key) => service.api.with(bearer(key))) as [Caller, Caller];
    for (let n = 0; n < 3; n += 1) (await one.get('/items')).expect(200);
    (await one.get('/items')).expect(429, 'quota-exceeded');
    (await other.get('/items')).expect(200);
    await service.close();
  });

  it('[L26] count the proxy itself if nobody trusts it', async () => {
    const service = await startTestApp(ANONYMOUS_LIMITS);
    const { api } = service;
    for (let n = 0; n < 3; n += 1) (await api.get('/items', from(`192.0.2.${n}`))).expect(200);
    (await api.get('/items', from('192.0.2.9'))).expect(429, 'quota-exceeded');
    await service.close();
  });
});
