import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proves } from '../../support/proof.js';
import { sendRaw } from '../../support/raw-socket.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describe('DELETE /items/:id', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  const create = async (id: string) => (await service.api.post('/items', { id, name: 'x' })).expect(201);

  it('[H1] [B25] 204 without a body or its header fields', async () => {
    await create('h1');
    proves('H1');
    const answer = (await service.api.delete('/items/h1')).expect(204);
    proves('B25');
    expect(answer.headers).not.toHaveProperty('content-length');
    expect(answer.headers).not.toHaveProperty('content-type');
    expect(answer.headers).not.toHaveProperty('transfer-encoding');
    expect(answer.headers).not.toHaveProperty('etag');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('[H2] 404 with deletedAt the second time, and the tombstone stays unchanged', async () => {
    await create('h2');
    (await service.api.delete('/items/h2')).expect(204);
    service.clock.now = new Date('2026-01-03T00:00:00.000Z');
    for (let time = 0; time < 2; time += 1) {
      const again = (await service.api.delete('/items/h2')).expect(404, 'item-not-found');
      expect(again.json).toMatchObject({ itemId: 'h2', deletedAt: '2026-01-02T03:04:05.678Z' });
      expect(again.headers['cache-control']).toBe('no-store');
    }
    expect((await service.api.put('/items/h2', { name: 'x' })).expect(201).json.version).toBe(3);
  });

  it('[H3] 404 for an id that was never used', async () => {
    const answer = (await service.api.delete('/items/x')).expect(404, 'item-not-found');
    expect(answer.json).not.toHaveProperty('deletedAt');
  });

  it('[H6] GET and HEAD are 404 afterwards, and the list no longer has the item', async () => {
    await create('h6');
    (await service.api.delete('/items/h6')).expect(204);
    (await service.api.get('/items/h6')).expect(404, 'item-not-found');
    (await service.api.call('HEAD', '/items/h6')).expect(404);
    const { items } = (await service.api.get('/items?limit=200')).expect(200).json;
    expect(items.map(({ id }: { id: string }) => id)).not.toContain('h6');
  });

  it.each<[string, Record<string, string>]>([
    ['a Content-Type alone', { 'content-type': 'application/json' }],
    ['a Content-Type that is not supported', { 'content-type': 'text/plain' }],
    ['a malformed Content-Type', { 'content-type': 'none' }],
    ['Content-Length: 0', { 'content-length': '0' }],
    ['both', { 'content-type': 'application/json', 'content-length': '0' }],
  ])('[B22] 204 with %s', async (_, headers) => {
    await service.api.put('/items/b22', { name: 'x' });
    (await service.api.delete('/items/b22', { headers })).expect(204);
  });

  it('[B22] 400 with a body, and the item is still there', async () => {
    await create('b22-kept');
    (await service.api.delete('/items/b22-kept', { json: {} })).expect(400, 'unexpected-content');
    const [answer] = await sendRaw(
      service.api.url,
      1,
      'DELETE /items/b22-kept HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
      '2\r\n{}\r\n0\r\n\r\n',
    );
    answer.expect(400, 'unexpected-content');
    (await service.api.get('/items/b22-kept')).expect(200);
  });

  it('[I5] 400 names a query parameter, and the item is still there', async () => {
    await create('i5');
    (await service.api.delete('/items/i5?force=1')).expect(400, 'invalid-query');
    (await service.api.get('/items/i5')).expect(200);
  });

  it('ten deletes at once give one 204 and nine 404', async () => {
    await create('race');
    const calls = Array.from({ length: 10 }, () => service.api.delete('/items/race'));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([204, ...Array.from({ length: 9 }, () => 404)]);
  });
});
