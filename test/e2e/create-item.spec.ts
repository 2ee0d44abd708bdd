import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('POST /items', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());

  it('[E1] [E3] 201 with Location, Content-Location and ETag', async () => {
    const answer = await service.api.post('/items', { id: 'bolt:m8~1', name: 'Bolt M8', attributes: { thread: 'M8' } });
    answer.expect(201);
    expect(answer.headers).toMatchObject({
      location: '/items/bolt%3Am8~1',
      'content-location': '/items/bolt%3Am8~1',
      etag: '"1"',
      'cache-control': 'no-store',
    });
    expect(answer.json).toEqual({
      id: 'bolt:m8~1',
      name: 'Bolt M8',
      attributes: { thread: 'M8' },
      version: 1,
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-01-02T03:04:05.678Z',
    });
  });

  it('[E2] GET on Location gives the same item and ETag at once', async () => {
    const created = (await service.api.post('/items', { id: 'e2', name: 'x', description: '' })).expect(201);
    const read = (await service.api.get(created.headers.location ?? '')).expect(200);
    expect(read.headers.etag).toBe(created.headers.etag);
    expect(read.json).toEqual(created.json);
  });

  it('[E4] 409 with the item’s URL when the id is taken, and nothing changes', async () => {
    (await service.api.post('/items', { id: 'e4', name: 'first' })).expect(201);
    const refused = (await service.api.post('/items', { id: 'e4', name: 'second' })).expect(409, 'item-exists');
    expect(refused.json).toMatchObject({ itemId: 'e4', itemUrl: '/items/e4', retryable: false });
    expect((await service.api.get('/items/e4')).json).toMatchObject({ name: 'first', version: 1 });
  });

  it('[E5] fifty creates of one id at once give one 201 and forty-nine 409', async () => {
    const calls = Array.from({ length: 50 }, (_, n) => service.api.post('/items', { id: 'e5', name: `name ${n}` }));
    const answers = await Promise.all(calls);
    const [created, ...others] = answers.filter((answer) => answer.status === 201);
    expect(others).toEqual([]);
    for (const answer of answers.filter((one) => one !== created)) answer.expect(409, 'item-exists');
    expect((await service.api.get('/items/e5')).json).toEqual(created?.json);
  });

  it('[E7] 400 without content', async () => {
    const answer = (await service.api.call('POST', '/items')).expect(400, 'invalid-body');
    expect(answer.json.errors).toEqual([{ pointer: '', rule: 'type', detail: 'The body must be a JSON object.' }]);
  });

  it('[E9] 400 names every fault at once, in the order of the schema, then unknown members', async () => {
    const body = { zeta: 1, attributes: [], name: '', alpha: 2 };
    const answer = (await service.api.post('/items', body)).expect(400, 'invalid-body');
    expect(answer.json.errors.map(({ pointer, rule }: Record<string, string>) => `${pointer} ${rule}`)).toEqual([
      '/id required',
      '/name length',
      '/attributes type',
      '/zeta unknown',
      '/alpha unknown',
    ]);
  });
});
