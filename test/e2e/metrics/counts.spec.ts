import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Following } from '../../../src/http/load/following.js';
import { AnswersUnderWay } from '../../../src/http/wire/answers-under-way.js';
import type { Whole } from '../../../src/http/wire/whole.js';
import { scrape, type Scrape } from '../../support/metrics/scrape.js';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { openConnections } from '../../support/requests/crowd.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
  (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
});
afterAll(() => service?.close());

const whole = (): Whole => service.app.get(AnswersUnderWay).whole;

/** What a piece of work changed in the counts of answers and of aborted requests, without those of the scrapes. */
async function changesBy(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await scrape(service.api);
  await work();
  const after = await scrape(service.api);
  const grown = after.series
    .filter((series) => /^(?:http_server_requests|items_rehearsed)/.test(series) && !series.includes('getMetrics'))
    .map((series) => [shortened(series), after.valueOf(series) - valueIn(before, series)] as const);
  return Object.fromEntries(grown.filter(([, growth]) => growth !== 0));
}

function valueIn(one: Scrape, series: string): number {
  return one.series.includes(series) ? one.valueOf(series) : 0;
}

/** `getItem 404 item-not-found`, or `aborted getItem`. */
function shortened(series: string): string {
  const labels = Object.fromEntries([...series.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const { operation, http_response_status_code: status, problem } = labels;
  if (series.startsWith('http_server_requests_aborted')) return `aborted ${operation}`;
  return status === undefined ? series : `${operation} ${status} ${problem}`.trim();
}

describe('an answer counts once', () => {
  it('[P41] by operation, status and problem', async () => {
    const { api } = service;
    const changes = await changesBy(async () => {
      (await api.post('/items', { id: 'new', name: 'x' })).expect(201);
      const etag = await api.entityTagOf('/items/kept');
      (await api.get('/items/kept', { headers: { 'if-none-match': etag } })).expect(304);
      (await api.call('HEAD', '/items/kept')).expect(200);
      (await api.get('/items/none')).expect(404, 'item-not-found');
      (await api.delete('/items/kept', { headers: { 'if-match': '"0-x"' } })).expect(412, 'precondition-failed');
      (await api.call('PUT', '/items/kept', { body: '{', headers: { 'content-type': 'application/json' } })).expect(
        400,
        'malformed-json',
      );
      for (let count = 0; count < 3; count += 1) (await api.get('/example')).expect(200);
    });
    expect(changes).toEqual({
      'createItem 201': 1,
      'getItem 200': 2,
      'getItem 304': 1,
      'getItem 404 item-not-found': 1,
      'deleteItem 412 precondition-failed': 1,
      'replaceItem 400 malformed-json': 1,
      'getExample 200': 3,
    });
  });

  it('[P41] outside operations: unknown paths, other methods, OPTIONS, what the parser refuses', async () => {
    const { api } = service;
    const changes = await changesBy(async () => {
      (await api.get('/nowhere')).expect(404, 'route-not-found');
      (await api.get('/nowhere/else')).expect(404, 'route-not-found');
      (await api.call('PATCH', '/items')).expect(405, 'method-not-allowed');
      (await api.call('OPTIONS', '/items')).expect(204);
      for (const [message, status, code] of [
        ['GET /items HTTP/1.1\r\nHost : localhost\r\n\r\n', 400, 'malformed-request'],
        ['FETCH /items HTTP/1.1\r\nHost: localhost\r\n\r\n', 501, 'method-not-implemented'],
        ['GET /items HTTP/2.0\r\nHost: localhost\r\n\r\n', 505, 'version-not-supported'],
      ] as const) {
        const [answer] = await sendRaw(api.url, 1, message);
        answer.expect(status, code);
      }
    });
    expect(changes).toEqual({
      'outside 404 route-not-found': 2,
      'outside 405 method-not-allowed': 1,
      'outside 204': 1,
      'outside 400 malformed-request': 1,
      'outside 501 method-not-implemented': 1,
      'outside 505 version-not-supported': 1,
    });
  });

  it('[P41] a broken body counts as the answer of the parser, and not as aborted', async () => {
    const put =
      'PUT /items/kept HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const changes = await changesBy(async () => {
      const [answer] = await sendRaw(service.api.url, 1, `${put}no length\r\n`);
      answer.expect(400, 'malformed-request');
    });
    expect(changes).toEqual({ 'outside 400 malformed-request': 1 });
  });

  it('[P41] a rehearsal counts as nothing else', async () => {
    const changes = await changesBy(async () => {
      (await service.api.get('/items/kept', { headers: { rehearse: '500; problem="unexpected"' } })).expect(
        500,
        'unexpected',
      );
      (await service.api.get('/items/kept', { headers: { rehearse: '200' } })).expect(200);
    });
    expect(changes).toEqual({ 'items_rehearsed_answers_total{}': 2 });
  });

  it('[P41] with its time, in the bucket that it belongs to', async () => {
    const before = await scrape(service.api);
    for (let count = 0; count < 5; count += 1) (await service.api.get('/items/kept')).expect(200);
    const after = await scrape(service.api);
    const grown = (name: string, labels = {}) =>
      after.value(name, { operation: 'getItem', ...labels }) - before.value(name, { operation: 'getItem', ...labels });
    expect(grown('http_server_request_duration_seconds_count')).toBe(5);
    expect(grown('http_server_request_duration_seconds_bucket', { le: '+Inf' })).toBe(5);
    const sum = grown('http_server_request_duration_seconds_sum');
    expect(sum).toBeGreaterThan(0.0001);
    expect(sum).toBeLessThan(5 * 10);
  });

  it('sizes and waits of groups add up', async () => {
    const before = await scrape(service.api);
    const ids = Array.from({ length: 40 }, (_, n) => `grouped-${n}`);
    await Promise.all(ids.map(async (id) => (await service.api.put(`/items/${id}`, { name: id })).expect(201)));
    await Promise.all(ids.map(async (id) => (await service.api.get(`/items/${id}`)).expect(200)));
    const after = await scrape(service.api);
    const grown = (name: string, group: string) => after.value(name, { group }) - before.value(name, { group });
    for (const group of ['writes', 'reads']) {
      expect(grown('items_store_group_size_sum', group)).toBe(40);
      const groups = grown('items_store_group_size_count', group);
      expect(groups).toBeLessThanOrEqual(40);
      expect(grown('items_store_group_wait_seconds_count', group)).toBe(groups);
    }
  });
});

describe('a request whose connection ends early', () => {
  const HOST = 'HTTP/1.1\r\nHost: localhost\r\n';
  const abortedSofar = () => [...whole().aborted.all].reduce((sum, [, count]) => sum + count, 0);
  const abortedAre = async (count: number) => {
    while (abortedSofar() < count) await nextTurn();
  };
  const open = async (sent: string): Promise<Socket> => (await openConnections(service.api.url, 1, sent))[0]!;

  it('[P42] with half a body, counts as aborted alone', async () => {
    const changes = await changesBy(async () => {
      const sofar = abortedSofar();
      const waiting = whole().waiting;
      const fields = 'Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{';
      const socket = await open(`PUT /items/never ${HOST}${fields}`);
      while (whole().waiting === waiting) await nextTurn();
      socket.resetAndDestroy();
      await abortedAre(sofar + 1);
    });
    expect(changes).toEqual({ 'aborted replaceItem': 1 });
  });

  it('[P42] behind others on its connection, counts too', async () => {
    const changes = await changesBy(async () => {
      const sofar = abortedSofar();
      const socket = await open(`GET /changes?wait=60&after=now ${HOST}\r\nGET /items/kept ${HOST}\r\n`);
      socket.resetAndDestroy();
      await abortedAre(sofar + 1);
      await nextTurn();
    });
    const aborted = Object.entries(changes).filter(([name]) => name.startsWith('aborted'));
    expect(aborted.every(([, count]) => count === 1)).toBe(true);
    expect(aborted.map(([name]) => name)).toContain('aborted getItem');
  });

  it('[P41] [P42] a stream counts when it begins, and as aborted when its connection is lost', async () => {
    let socket: Socket;
    const followersAre = async (count: number) => {
      while (service.app.get(Following).count !== count) await nextTurn();
    };
    const begun = await changesBy(async () => {
      socket = await open(`GET /changes?after=now ${HOST}Accept: text/event-stream\r\n\r\n`);
      await followersAre(1);
      await once(socket.resume(), 'data');
    });
    proves('P41');
    expect(begun).toEqual({ 'listChanges 200': 1 });
    expect((await scrape(service.api)).value('items_feed_followers')).toBe(1);
    const lost = await changesBy(async () => {
      const sofar = abortedSofar();
      socket.resetAndDestroy();
      await abortedAre(sofar + 1);
    });
    proves('P42');
    expect(lost).toEqual({ 'aborted listChanges': 1 });
    expect((await scrape(service.api)).value('items_feed_followers')).toBe(0);
  });

  it('an answer that was taken counts as no aborted one', async () => {
    const changes = await changesBy(async () => {
      const [one, two] = await sendRaw(
        service.api.url,
        2,
        `GET /example ${HOST}\r\nGET /example ${HOST}Connection: close\r\n\r\n`,
      );
      one.expect(200);
      two.expect(200);
    });
    expect(changes).toEqual({ 'getExample 200': 2 });
  });
});
