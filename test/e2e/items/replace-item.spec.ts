import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tagOfVersion } from '../../support/entity-tags.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const T1 = '2026-01-02T03:04:05.678Z';
const T2 = '2026-01-02T04:00:00.000Z';

describe('PUT /items/:id', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service?.close());

  it('[F1] [F6] 201 creates the item, with Content-Location and without ETag', async () => {
    proves('F1');
    const answer = (await service.api.put('/items/f:1', { name: 'x' })).expect(201);
    expect(answer.json).toEqual({
      id: 'f:1',
      name: 'x',
      tags: [],
      attributes: {},
      version: 1,
      createdAt: T1,
      updatedAt: T1,
    });
    proves('F6');
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
    proves('F4');
    expect(answer.json).not.toHaveProperty('description');
    expect(answer.json.attributes).toEqual({ c: 3 });
    proves('F2');
    expect(answer.json).toEqual({
      id: 'f2',
      name: 'z',
      tags: [],
      attributes: { c: 3 },
      version: 2,
      createdAt: T1,
      updatedAt: T2,
    });
    proves('F6');
    expect(answer.headers).toMatchObject({ 'content-location': '/items/f2', 'cache-control': 'no-store' });
    expect(answer.headers).not.toHaveProperty('etag');
    expect(answer.headers).not.toHaveProperty('last-modified');
    const read = (await service.api.get('/items/f2')).expect(200);
    expect(read.text).toBe(answer.text);
    expect(read.headers.etag).toMatch(tagOfVersion(2));
  });

  it('[F3] [F21] 200 for the same PUT again, which changes nothing', async () => {
    const created = (await service.api.put('/items/f3', { name: 'x', attributes: { a: 1 } })).expect(201);
    const tag = await service.api.entityTagOf('/items/f3');
    service.clock.now = new Date(T2);
    proves('F3');
    const again = (await service.api.put('/items/f3', { attributes: { a: 1 }, name: 'x' })).expect(200);
    service.clock.now = new Date(T1);
    expect(again.text).toBe(created.text);
    proves('F21');
    expect(await service.api.entityTagOf('/items/f3')).toBe(tag);
  });

  it('[F21] 200 with a new version if only the order of attributes differs', async () => {
    (await service.api.put('/items/f21', { name: 'x', attributes: { a: 1, b: 2 } })).expect(201);
    const answer = (await service.api.put('/items/f21', { name: 'x', attributes: { b: 2, a: 1 } })).expect(200);
    expect(answer.text).toContain('"attributes":{"b":2,"a":1},"version":2');
  });

  it('[F5] 200 for the item as GET returned it', async () => {
    (await service.api.put('/items/f5', { name: 'x', description: 'y' })).expect(201);
    const item = (await service.api.get('/items/f5')).expect(200).json;
    expect((await service.api.put('/items/f5', item)).expect(200).json).toEqual(item);
    const changed = (await service.api.put('/items/f5', { ...item, name: 'z' })).expect(200);
    expect(changed.json).toEqual({ ...item, name: 'z', version: 2 });
  });

  it('[F5] 200 with any value for the times, which are ignored', async () => {
    const body = { name: 'x', createdAt: null, updatedAt: [] };
    expect((await service.api.put('/items/f5-ignored', body)).expect(201).json).toMatchObject({
      version: 1,
      createdAt: T1,
      updatedAt: T1,
    });
  });

  it('[F22] 409 when the body has another version than the current one, and nothing changes', async () => {
    (await service.api.put('/items/f22', { name: 'x' })).expect(201);
    const read = (await service.api.get('/items/f22')).expect(200).json;
    (await service.api.put('/items/f22', { name: 'theirs' })).expect(200);
    for (const version of [read.version, 3, 0, -1, 1e3]) {
      const refused = await service.api.put('/items/f22', { ...read, name: 'mine', version });
      expect(refused.expect(409, 'item-version-differs').json).toMatchObject({
        currentVersion: 2,
        errors: [{ pointer: '/version', rule: 'current' }],
      });
      expect(refused.json).not.toHaveProperty('deletedAt');
    }
    (await service.api.put('/items/f22', { name: 'theirs', version: 1 })).expect(409, 'item-version-differs');
    expect((await service.api.get('/items/f22')).expect(200).json).toMatchObject({ name: 'theirs', version: 2 });
    const again = (await service.api.put('/items/f22', { name: 'mine', version: 2 })).expect(200);
    expect(again.json).toMatchObject({ name: 'mine', version: 3 });
  });

  it('[F22] 409 with the time for a deleted item, 201 without a version; for an id never used the version is ignored', async () => {
    (await service.api.put('/items/f22-gone', { name: 'x' })).expect(201);
    const read = (await service.api.get('/items/f22-gone')).expect(200).json;
    (await service.api.delete('/items/f22-gone')).expect(204);
    for (const version of [1, 2]) {
      const refused = await service.api.put('/items/f22-gone', { ...read, version });
      expect(refused.expect(409, 'item-version-differs').json).toMatchObject({ currentVersion: 2, deletedAt: T1 });
    }
    (await service.api.get('/items/f22-gone')).expect(404, 'item-not-found');
    const { version: _, ...rest } = read;
    expect((await service.api.put('/items/f22-gone', rest)).expect(201).json.version).toBe(3);
    const copy = { ...read, id: 'f22-copy', version: 9 };
    expect((await service.api.put('/items/f22-copy', copy)).expect(201).json.version).toBe(1);
  });

  it.each(['1', 1.5, true, [1], {}])('[E9] 400 for the version %j, and nothing changes', async (version) => {
    const target = `/items/f22-${typeof version}${Array.isArray(version)}`;
    (await service.api.put(target, { name: 'x' })).expect(201);
    const refused = (await service.api.put(target, { name: 'y', version })).expect(400, 'invalid-body');
    expect(refused.json.errors).toMatchObject([{ pointer: '/version', rule: 'type' }]);
    expect((await service.api.get(target)).expect(200).json).toMatchObject({ name: 'x', version: 1 });
  });

  it('[F22] [M2] a repeat under its key gives the first answer, although the version has changed', async () => {
    (await service.api.put('/items/f22-key', { name: 'x' })).expect(201);
    const read = (await service.api.get('/items/f22-key')).expect(200).json;
    const options = { headers: { 'idempotency-key': 'f22' } };
    proves('M2');
    const first = (await service.api.put('/items/f22-key', { ...read, name: 'y' }, options)).expect(200);
    const again = (await service.api.put('/items/f22-key', { ...read, name: 'y' }, options)).expect(200);
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    proves('F22');
    (await service.api.put('/items/f22-key', { ...read, name: 'y' })).expect(409, 'item-version-differs');
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

  it('[K12] 409 with a long id of the body cut between two characters', async () => {
    const id = `${'x'.repeat(127)}😀`;
    const { detail } = (await service.api.put('/items/f5-cut', { id, name: 'x' })).expect(409, 'item-id-differs').json;
    expect(detail).toContain(`the id ${'x'.repeat(127)}…, the path has f5-cut`);
  });

  it('[E9] 400 when the id in the body is not a string', async () => {
    const refused = (await service.api.put('/items/7', { id: 7, name: 'x' })).expect(400, 'invalid-body');
    expect(refused.json.errors).toMatchObject([{ pointer: '/id', rule: 'type' }]);
  });

  it('[D4] [H1] 201 for a deleted id, with a version past the tombstone’s', async () => {
    (await service.api.put('/items/d4', { name: 'x', description: 'gone' })).expect(201);
    (await service.api.delete('/items/d4')).expect(204);
    proves('H1');
    const again = (await service.api.put('/items/d4', { name: 'x' })).expect(201);
    expect(again.json).toEqual({
      id: 'd4',
      name: 'x',
      tags: [],
      attributes: {},
      version: 3,
      createdAt: T1,
      updatedAt: T1,
    });
    proves('D4');
    expect(await service.api.entityTagOf('/items/d4')).toMatch(tagOfVersion(3));
  });

  it('[D18] every change within one instant has its own ETag', async () => {
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await service.api.put('/items/d18', { name });
      expect(await service.api.entityTagOf('/items/d18')).toMatch(tagOfVersion(index + 1));
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
