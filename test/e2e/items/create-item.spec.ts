import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOfVersion } from '../../support/entity-tags.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

describe('POST /items', () => {
  let service: TestApp;
  let elsewhere: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    elsewhere = await startTestApp();
  });
  afterAll(() => Promise.all([service?.close(), elsewhere?.close()]));

  it('[E1] [E3] 201 with Location, Content-Location and ETag', async () => {
    const answer = await service.api.post('/items', { id: 'bolt:m8~1', name: 'Bolt M8', attributes: { thread: 'M8' } });
    proves('E1');
    expect(answer.expect(201).headers.location).toBe('/items/bolt%3Am8~1');
    proves('E3');
    expect(answer.headers).toMatchObject({
      'content-location': '/items/bolt%3Am8~1',
      etag: expect.stringMatching(tagOfVersion(1)),
      'cache-control': 'no-store, no-transform',
    });
    expect(answer.json).toEqual({
      id: 'bolt:m8~1',
      name: 'Bolt M8',
      tags: [],
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

  it.each(['7', 'A', 'a'.repeat(128), 'a._~:-Z9', '0'])('201 with the id %s, which GET takes', async (id) => {
    const created = (await service.api.post('/items', { id, name: 'x' })).expect(201);
    expect((await service.api.get(`/items/${id}`)).expect(200).text).toBe(created.text);
  });

  it.each([
    ['', 'pattern'],
    ['a'.repeat(129), 'pattern'],
    ['.a', 'pattern'],
    ['-a', 'pattern'],
    ['a b', 'pattern'],
    ['a/b', 'pattern'],
    ['ä', 'pattern'],
    ['a\n', 'pattern'],
    [7, 'type'],
    [null, 'required'],
    [['a'], 'type'],
    [{}, 'type'],
  ])('[E9] 400 with the id %j', async (id, rule) => {
    const refused = (await service.api.post('/items', { id, name: 'x' })).expect(400, 'invalid-body');
    const errors = [expect.objectContaining({ pointer: '/id', rule, detail: expect.any(String) })];
    expect(refused.json.errors).toEqual(errors);
  });

  it('[E17] 201 for an item as GET returned it elsewhere; it gets its own version and times', async () => {
    (await service.api.put('/items/e17', { name: 'x', description: 'y', attributes: { a: 1 } })).expect(201);
    (await service.api.put('/items/e17', { name: 'z' })).expect(200);
    const read = (await service.api.get('/items/e17')).expect(200).json;
    (await service.api.post('/items', read)).expect(409, 'item-exists');
    elsewhere.clock.now = new Date('2026-01-02T06:00:00.000Z');
    const created = (await elsewhere.api.post('/items', read)).expect(201);
    const at = '2026-01-02T06:00:00.000Z';
    expect(created.json).toEqual({ ...read, version: 1, createdAt: at, updatedAt: at });
  });

  it.each([7, 'seven', null, {}])('[E17] 201 with any value of read-only members, such as %j', async (value) => {
    const item = { id: `e17-${JSON.stringify(value).replaceAll(/\W/g, '')}x`, name: 'x' };
    const created = await service.api.post('/items', { ...item, version: value, createdAt: value, updatedAt: value });
    expect(created.expect(201).json).toMatchObject({ ...item, version: 1 });
  });

  it('[I5] 400 names an unknown query parameter, and nothing is created', async () => {
    const refused = (await service.api.post('/items?dry=1', { id: 'i5', name: 'x' })).expect(400, 'invalid-query');
    expect(refused.json.errors).toMatchObject([{ parameter: 'dry', rule: 'unknown' }]);
    (await service.api.get('/items/i5')).expect(404, 'item-not-found');
  });

  it('[D4] [H1] 201 for a deleted id, with a version past the tombstone’s', async () => {
    (await service.api.post('/items', { id: 'd4', name: 'first', description: 'gone' })).expect(201);
    (await service.api.delete('/items/d4')).expect(204);
    service.clock.now = new Date('2026-01-02T04:00:00.000Z');
    const created = (await service.api.post('/items', { id: 'd4', name: 'second' })).expect(201);
    proves('D4');
    expect(created.headers.etag).toMatch(tagOfVersion(3));
    proves('H1');
    expect(created.json).toEqual({
      id: 'd4',
      name: 'second',
      tags: [],
      attributes: {},
      version: 3,
      createdAt: '2026-01-02T04:00:00.000Z',
      updatedAt: '2026-01-02T04:00:00.000Z',
    });
  });
});
