import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MetricsPort } from '../../../src/metrics/metrics-port.js';
import { Caller } from '../../support/caller.js';
import { scrape } from '../../support/metrics/scrape.js';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describe('METRICS_PORT', () => {
  let service: TestApp;
  /** Sends no credential. */
  let own: Caller;
  beforeAll(async () => {
    service = await startTestApp({ auth: 'required', metricsPort: 0 });
    own = new Caller(`http://127.0.0.1:${service.app.get(MetricsPort).port}`);
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(async () => {
    own?.close();
    await service?.close();
  });

  it('[P47] the main port has no metrics', async () => {
    for (const caller of [service.api, service.api.with()]) {
      const answer = (await caller.get('/metrics')).expect(404, 'route-not-found');
      expect([answer.headers['cache-control'], answer.headers.vary]).toEqual(['no-store', 'Accept']);
      (await caller.call('HEAD', '/metrics')).expect(404);
      for (const method of ['POST', 'OPTIONS']) (await caller.call(method, '/metrics')).expect(404, 'route-not-found');
      expect((await caller.get('/metrics/')).expect(404, 'route-not-found').json.detail).not.toContain('Did you mean');
    }
    (await service.api.get('/items/kept')).expect(200);
  });

  it('[P47] [P48] its own has them, and asks for no credential', async () => {
    for (const format of ['text', 'open', 'text'] as const) {
      proves('P48');
      const { families } = await scrape(own, format);
      proves('P47');
      expect(families.map(({ name }) => name)).toContain('http_server_requests');
    }
    (await own.with('Bearer nope').get('/metrics')).expect(200);
    (await own.call('HEAD', '/metrics')).expect(200);
    expect((await own.call('OPTIONS', '/metrics')).expect(204).headers.allow).toBe('GET, HEAD, OPTIONS');
    expect((await own.call('OPTIONS', '*')).expect(204).headers.allow).toBe('GET, HEAD, OPTIONS');
    expect((await own.call('POST', '/metrics')).expect(405, 'method-not-allowed').headers.allow).toBe(
      'GET, HEAD, OPTIONS',
    );
    (await own.get('/metrics', { headers: { accept: 'text/html' } })).expect(406, 'not-acceptable');
    (await own.get('/metrics?x=1')).expect(400, 'invalid-query');
  });

  it('[P47] its own has nothing else', async () => {
    const before = await scrape(own);
    expect((await own.get('/metrics/')).expect(404, 'route-not-found').json.detail).toContain('/metrics');
    (await own.get('/nowhere')).expect(404, 'route-not-found');
    // As fetch() sends them, since the document has these paths, on the main port.
    for (const path of ['/', '/items', '/items/kept', '/health/ready', '/docs']) {
      const answer = await fetch(`${own.url}${path}`);
      expect([answer.status, answer.headers.get('vary')]).toEqual([404, null]);
      expect(await answer.json()).toMatchObject({ code: 'route-not-found', status: 404 });
    }
    const put = await fetch(`${own.url}/items/kept`, { method: 'DELETE' });
    expect(put.status).toBe(404);
    (await service.api.get('/items/kept')).expect(200);
    const after = await scrape(own);
    expect(after.answers('outside', 404, 'route-not-found') - before.answers('outside', 404, 'route-not-found')).toBe(
      8,
    );
    expect(after.value('items_undeclared_answers_total')).toBe(0);
  });

  it('connections beyond those it takes are closed, and count for no want of open files', async () => {
    const before = await scrape(own);
    const { port } = service.app.get(MetricsPort);
    const sockets = Array.from({ length: 80 }, () => connect(port!, '127.0.0.1').on('error', () => undefined));
    await Promise.race(sockets.map((socket) => once(socket, 'close')));
    for (const socket of sockets) socket.destroy();
    own.close();
    own = new Caller(own.url);
    const after = await scrape(own);
    expect(after.value('items_closed_connections_total')).toBe(before.value('items_closed_connections_total'));
  });

  it('[P47] its own answers what can’t be read, and hosts and heads, as the main port does', async () => {
    for (const [message, status, code] of [
      ['FETCH /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n', 501, 'method-not-implemented'],
      ['GET /metrics HTTP/1.1\r\nHost : localhost\r\n\r\n', 400, 'malformed-request'],
      [`GET /${'x'.repeat(9_000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 414, 'target-too-long'],
      ['CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 501, 'method-not-implemented'],
    ] as const) {
      const [answer] = await sendRaw(own.url, 1, message);
      answer.expect(status, code);
    }
    const twice = 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n';
    const [first, second] = await sendRaw(own.url, 2, `${twice}\r\n${twice}Connection: close\r\n\r\n`);
    first.expect(200);
    second.expect(200);
  });
});

it('a stop closes METRICS_PORT too, with an idle and a new connection on it', async () => {
  const service = await startTestApp({ metricsPort: 0 });
  const port = service.app.get(MetricsPort).port!;
  const own = new Caller(`http://127.0.0.1:${port}`);
  (await own.get('/metrics')).expect(200);
  const unused = connect({ host: '127.0.0.1', port });
  unused.on('error', () => undefined);
  await once(unused, 'connect');
  const closed = once(unused.resume(), 'close');
  await service.close();
  await closed;
  own.close();
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow('fetch failed');
});
