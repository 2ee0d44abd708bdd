import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOfVersion } from '../../support/entity-tags.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describe('GET /items/:id', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.post('/items', { id: 'a:b', name: 'x', attributes: { n: 1 } })).expect(201);
    (await service.api.post('/items', { id: 'gone', name: 'x' })).expect(201);
    service.clock.now = new Date('2026-01-02T05:00:00.000Z');
    (await service.api.delete('/items/gone')).expect(204);
  });
  afterAll(() => service?.close());

  it('[D1] [C1] 200 with ETag, Cache-Control and JSON', async () => {
    const answer = (await service.api.get('/items/a:b')).expect(200);
    proves('D1');
    expect(answer.headers).toMatchObject({
      etag: expect.stringMatching(tagOfVersion(1)),
      'cache-control': 'private, no-cache, no-transform',
    });
    proves('C1');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json).toEqual({
      id: 'a:b',
      name: 'x',
      tags: [],
      attributes: { n: 1 },
      version: 1,
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-01-02T03:04:05.678Z',
    });
  });

  it('200 for the same id percent-encoded', async () => {
    const plain = (await service.api.get('/items/a:b')).expect(200);
    for (const target of ['/items/a%3Ab', '/items/a%3ab', '/items/%61%3Ab']) {
      expect((await service.api.get(target)).expect(200).text).toBe(plain.text);
    }
  });

  it('[D2] [D19] 404 with the id, cached like the item', async () => {
    const answer = (await service.api.get('/items/x')).expect(404, 'item-not-found');
    proves('D2');
    expect(answer.json).toMatchObject({ itemId: 'x', type: '/problems/item-not-found' });
    expect(answer.json).not.toHaveProperty('deletedAt');
    proves('D19');
    expect(answer.headers['cache-control']).toBe('private, no-cache, no-transform');
    expect(answer.headers).not.toHaveProperty('etag');
  });

  it('404 for an id that differs only in case', async () => {
    (await service.api.get('/items/A:b')).expect(404, 'item-not-found');
  });

  it('[D3] 404 with deletedAt for a deleted item', async () => {
    const answer = (await service.api.get('/items/gone')).expect(404, 'item-not-found');
    expect(answer.json).toMatchObject({ itemId: 'gone', deletedAt: '2026-01-02T05:00:00.000Z' });
  });

  it.each(['constructor', '__proto__', 'toString'])('404 or 400, never 500, for the id %s', async (id) => {
    const isId = /^[a-z]/i.test(id);
    (await service.api.get(`/items/${id}`)).expect(isId ? 404 : 400, isId ? 'item-not-found' : 'invalid-path');
  });

  it('[B15] [B16] HEAD has the status and header fields of GET, without a body', async () => {
    const get = (await service.api.get('/items/a:b')).expect(200);
    const head = (await service.api.call('HEAD', '/items/a:b')).expect(200);
    const { date: _1, 'x-request-id': _2, ...fields } = get.headers;
    proves('B15');
    expect(head.headers).toMatchObject(fields);
    expect(head.content).toHaveLength(0);
    proves('B16');
    expect(head.headers['content-length']).toBe(String(get.content.length));
  });

  it.each(['x', 'gone'])('[B17] [K11] HEAD of %s is 404 with the fields of a problem, without a body', async (id) => {
    proves('B17');
    const head = (await service.api.call('HEAD', `/items/${id}`)).expect(404);
    proves('K11');
    expect(head.headers['content-type']).toBe('application/problem+json');
    expect(head.content).toHaveLength(0);
  });

  it('[B26] Range is ignored', async () => {
    (await service.api.get('/items/a:b', { headers: { range: 'bytes=0-1' } })).expect(200);
  });

  it('[I5] 400 names a query parameter', async () => {
    const answer = (await service.api.get('/items/a:b?colour=red')).expect(400, 'invalid-query');
    expect(answer.json.errors).toEqual([
      { parameter: 'colour', rule: 'unknown', detail: 'This operation does not take this query parameter.' },
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(['GET', 'HEAD'])('[B21] 400 for %s with a body', async (method) => {
    const answer = await service.api.call(method, '/items/a:b', { json: {} });
    answer.expect(400, method === 'GET' ? 'unexpected-content' : undefined);
  });

  it('[B21] 200 for GET with Content-Length: 0 and a Content-Type', async () => {
    const headers = { 'content-type': 'text/plain', 'content-length': '0' };
    (await service.api.get('/items/a:b', { headers })).expect(200);
  });
});
