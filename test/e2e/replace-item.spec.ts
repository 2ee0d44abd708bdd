import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOfVersion } from '../support/entity-tags.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const T1 = '2026-01-02T03:04:05.678Z';
const T2 = '2026-01-02T04:00:00.000Z';

describe('PUT /items/:id', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it('[F1] [F6] 201 creates the item, with Content-Location and without ETag', async () => {
    const answer = (await service.api.put('/items/f:1', { name: 'x' })).expect(201);
    expect(answer.json).toEqual({ id: 'f:1', name: 'x', attributes: {}, version: 1, createdAt: T1, updatedAt: T1 });
    expect(answer.headers).toMatchObject({ 'content-location': '/items/f%3A1', 'cache-control': 'no-store' });
    expect(answer.headers).not.toHaveProperty('etag');
    expect(answer.headers).not.toHaveProperty('last-modified');
    expect((await service.api.get('/items/f:1')).expect(200).json).toEqual(answer.json);
  });

  it('[F2] [F4] [F6] 200 replaces the whole item and raises its version', async () => {
    const first = { name: 'x', description: 'y', attributes: { a: 1, b: 2 } };
    (await service.api.put('/items/f2', first)).expect(201);
    service.clock.now = new Date(T2);
    const answer = (await service.api.put('/items/f2', { name: 'z', attributes: { c: 3 } })).expect(200);
    service.clock.now = new Date(T1);
    expect(answer.json).toEqual({
      id: 'f2',
      name: 'z',
      attributes: { c: 3 },
      version: 2,
      createdAt: T1,
      updatedAt: T2,
    });
    expect(answer.headers).toMatchObject({ 'content-location': '/items/f2', 'cache-control': 'no-store' });
    expect(answer.headers).not.toHaveProperty('etag');
    expect(answer.headers).not.toHaveProperty('last-modified');
    const read = (await service.api.get('/items/f2')).expect(200);
    expect(read.text).toBe(answer.text);
    expect(read.headers.etag).toMatch(tagOfVersion(2));
  });

  it('[F3] [F21] 200 for the same again, which changes nothing', async () => {
    const created = (await service.api.put('/items/f3', { name: 'x', attributes: { a: 1 } })).expect(201);
    const tag = await service.api.tagOf('/items/f3');
    service.clock.now = new Date(T2);
    const again = (await service.api.put('/items/f3', { attributes: { a: 1 }, name: 'x' })).expect(200);
    service.clock.now = new Date(T1);
    expect(again.text).toBe(created.text);
    expect(await service.api.tagOf('/items/f3')).toBe(tag);
  });

  it('[F21] 200 with a new version if only the order of attributes differs', async () => {
    (await service.api.put('/items/f21', { name: 'x', attributes: { a: 1, b: 2 } })).expect(201);
    const answer = (await service.api.put('/items/f21', { name: 'x', attributes: { b: 2, a: 1 } })).expect(200);
    expect(answer.text).toContain('"attributes":{"b":2,"a":1},"version":2');
  });

  it('[F5] 200 takes the item as GET gave it', async () => {
    (await service.api.put('/items/f5', { name: 'x', description: 'y' })).expect(201);
    const item = (await service.api.get('/items/f5')).expect(200).json;
    expect((await service.api.put('/items/f5', item)).expect(200).json).toEqual(item);
    const changed = (await service.api.put('/items/f5', { ...item, name: 'z' })).expect(200);
    expect(changed.json).toEqual({ ...item, name: 'z', version: 2 });
  });

  it('[F5] 200 ignores read-only members whatever they hold', async () => {
    const body = { name: 'x', version: 'seven', createdAt: null, updatedAt: [] };
    expect((await service.api.put('/items/f5-ignored', body)).expect(201).json).toMatchObject({
      version: 1,
      createdAt: T1,
      updatedAt: T1,
    });
  });

  it('[F5] 409 when the body has another id, and nothing changes', async () => {
    const before = (await service.api.put('/items/f5-id', { name: 'x' })).expect(201);
    const refused = (await service.api.put('/items/f5-id', { id: 'other', name: 'y' })).expect(409, 'item-id-differs');
    expect(refused.json.errors).toMatchObject([{ pointer: '/id', rule: 'equal' }]);
    expect((await service.api.get('/items/f5-id')).expect(200).text).toBe(before.text);
    (await service.api.get('/items/other')).expect(404, 'item-not-found');
    (await service.api.put('/items/f5-none', { id: 'f5-None', name: 'y' })).expect(409, 'item-id-differs');
    (await service.api.get('/items/f5-none')).expect(404, 'item-not-found');
  });

  it('[E9] 400 when the id in the body is no string', async () => {
    const refused = (await service.api.put('/items/7', { id: 7, name: 'x' })).expect(400, 'invalid-body');
    expect(refused.json.errors).toMatchObject([{ pointer: '/id', rule: 'type' }]);
  });

  it('[D4] [H1] 201 for a deleted id, with a version past the tombstone’s', async () => {
    (await service.api.put('/items/d4', { name: 'x', description: 'gone' })).expect(201);
    (await service.api.delete('/items/d4')).expect(204);
    const again = (await service.api.put('/items/d4', { name: 'x' })).expect(201);
    expect(again.json).toEqual({ id: 'd4', name: 'x', attributes: {}, version: 3, createdAt: T1, updatedAt: T1 });
    expect(await service.api.tagOf('/items/d4')).toMatch(tagOfVersion(3));
  });

  it('[D18] every change within one instant has its own ETag', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await service.api.put('/items/d18', { name });
      expect(await service.api.tagOf('/items/d18')).toMatch(tagOfVersion(index + 1));
    }
  });

  it('twenty replacements at once each raise the version by one', async () => {
    (await service.api.put('/items/race', { name: 'x' })).expect(201);
    const calls = Array.from({ length: 20 }, (_, n) => service.api.put('/items/race', { name: `name ${n}` }));
    const versions = (await Promise.all(calls)).map((answer) => answer.expect(200).json.version as number);
    expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
  });

  it('[F1] twenty creations at once give one 201 and nineteen 200', async () => {
    const calls = Array.from({ length: 20 }, (_, n) => service.api.put('/items/race-new', { name: `name ${n}` }));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
  });
});
