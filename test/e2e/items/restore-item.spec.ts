import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallOptions } from '../../support/caller.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
afterAll(() => service?.close());

const tick = () => void (service.clock.now = new Date(service.clock.now.getTime() + 1_000));
const restore = (id: string, version: unknown, options: CallOptions = {}) =>
  service.api.call('POST', `/items/${id}/restore`, { json: { version }, ...options });
const versionsOf = async (id: string) =>
  (await service.api.get(`/items/${id}/versions?limit=200`)).expect(200).json.versions;

/** An item with these names, one after the other. */
async function itemWith(id: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await service.api.put(`/items/${id}`, { name, tags: [name], attributes: { [name]: 1 }, description: name });
    tick();
  }
}

describe('POST /items/:id/restore', () => {
  it('[I64] 200 with the old state as the new version', async () => {
    await itemWith('a', 'one', 'two');
    const old = (await service.api.get('/items/a/versions/1')).expect(200).json.item;
    const answer = await restore('a', 1, { headers: { 'x-request-id': 'r-restore' } });
    const item = answer.expect(200).json;
    expect(item).toEqual({ ...old, version: 3, updatedAt: service.clock.now.toISOString() });
    expect(answer.headers).toMatchObject({ 'content-location': '/items/a', 'cache-control': 'no-store, no-transform' });
    const current = (await service.api.get('/items/a')).expect(200);
    expect(current.json).toEqual(item);
    expect(answer.headers.etag).toBe(current.headers.etag);
    expect((await versionsOf('a'))[0]).toMatchObject({
      version: 3,
      operation: 'restore',
      requestId: 'r-restore',
      item,
    });
  });

  it('[I64] 200 without a new version if the item is as it was then', async () => {
    await itemWith('same', 'one', 'two', 'one');
    const before = (await service.api.get('/items/same')).expect(200);
    for (const version of [1, 3]) {
      const answer = (await restore('same', version)).expect(200);
      expect(answer.json).toEqual(before.json);
      expect(answer.headers.etag).toBe(before.headers.etag);
    }
    expect(await versionsOf('same')).toHaveLength(3);
  });

  it('[I65] 201 with Location for a deleted item, which keeps the time of its creation', async () => {
    await itemWith('gone', 'one', 'two');
    const { createdAt } = (await service.api.get('/items/gone')).expect(200).json;
    (await service.api.delete('/items/gone')).expect(204);
    tick();
    const answer = (await restore('gone', 2)).expect(201);
    expect(answer.headers).toMatchObject({ location: '/items/gone', 'content-location': '/items/gone' });
    expect(answer.json).toMatchObject({
      name: 'two',
      version: 4,
      createdAt,
      updatedAt: service.clock.now.toISOString(),
    });
    expect(answer.json).not.toHaveProperty('deletedAt');
    expect((await service.api.get('/items/gone')).expect(200).json).toEqual(answer.json);
    expect((await versionsOf('gone'))[0]).toMatchObject({ operation: 'restore' });
  });

  it('[I65] 201 for a version from before an earlier delete, with the time of the creation that was deleted last', async () => {
    await itemWith('lives', 'first life');
    (await service.api.delete('/items/lives')).expect(204);
    tick();
    const { createdAt } = (await service.api.put('/items/lives', { name: 'second life' })).expect(201).json;
    tick();
    expect((await restore('lives', 1)).expect(200).json).toMatchObject({ name: 'first life', createdAt });
    (await service.api.delete('/items/lives')).expect(204);
    expect((await restore('lives', 1)).expect(201).json).toMatchObject({ name: 'first life', createdAt, version: 6 });
  });

  it('[I64] 404 for a version that never was or is a deletion, and for an id that was never used; nothing changes', async () => {
    await itemWith('b', 'one');
    (await service.api.delete('/items/b')).expect(204);
    expect((await restore('b', 3)).expect(404, 'version-not-found').json).toMatchObject({ itemId: 'b', version: 3 });
    expect((await restore('b', 2)).expect(404, 'version-not-found').json.detail).toContain('was deleted then');
    (await restore('none', 1)).expect(404, 'item-not-found');
    (await service.api.get('/items/b')).expect(404, 'item-not-found');
    expect(await versionsOf('b')).toHaveLength(2);
    (await service.api.get('/items/none/versions')).expect(404, 'item-not-found');
  });

  it.each([[0], [-1], [1.5], ['1'], [null], [1_000_000_000], [true], [[1]]])(
    '[I64] 400 for version %j',
    async (version) => {
      const refused = (await restore('a', version)).expect(400, 'invalid-body');
      expect(refused.json.errors).toMatchObject([{ pointer: '/version' }]);
    },
  );

  it('[I64] 400 without a version, with other members, and without a body', async () => {
    (await service.api.post('/items/a/restore', {})).expect(400, 'invalid-body');
    (await service.api.post('/items/a/restore', { version: 1, name: 'x' })).expect(400, 'invalid-body');
    (await service.api.call('POST', '/items/a/restore', { body: '' })).expect(400, 'invalid-body');
  });

  it('[I66] the conditions of the item hold, and 404 comes before them', async () => {
    await itemWith('c', 'one', 'two');
    const etag = String((await service.api.get('/items/c')).expect(200).headers.etag);
    (await restore('c', 1, { headers: { 'if-match': '"1-00000000"' } })).expect(412, 'precondition-failed');
    (await restore('c', 1, { headers: { 'if-none-match': '*' } })).expect(412, 'precondition-failed');
    (await restore('c', 9, { headers: { 'if-match': '"1-00000000"' } })).expect(404, 'version-not-found');
    (await restore('c', 1, { headers: { 'if-match': etag } })).expect(200);
    (await service.api.delete('/items/c')).expect(204);
    (await restore('c', 1, { headers: { 'if-match': etag } })).expect(412, 'precondition-failed');
    (await restore('c', 1, { headers: { 'if-none-match': '*' } })).expect(201);
  });

  it('[I66] 428 without a condition if one is required', async () => {
    const strict = await startTestApp({ requirePreconditions: true });
    (await strict.api.put('/items/a', { name: 'one' }, { headers: { 'if-none-match': '*' } })).expect(201);
    (await strict.api.post('/items/a/restore', { version: 1 })).expect(428, 'precondition-required');
    (await strict.api.post('/items/a/restore', { version: 1 }, { headers: { 'if-match': '*' } })).expect(200);
    await strict.close();
  });

  it('[I67] a repeat under its key gets the first answer, and changes nothing', async () => {
    await itemWith('d', 'one', 'two');
    (await service.api.delete('/items/d')).expect(204);
    const headers = { 'idempotency-key': '"restore-d"' };
    const first = (await restore('d', 1, { headers })).expect(201);
    (await service.api.put('/items/d', { name: 'later' })).expect(200);
    const again = (await restore('d', 1, { headers })).expect(201);
    expect(again.headers).toMatchObject({
      'idempotency-replayed': 'true',
      location: '/items/d',
      etag: first.headers.etag,
    });
    expect(again.json).toEqual(first.json);
    (await restore('d', 2, { headers })).expect(422, 'idempotency-key-reused');
    expect(await versionsOf('d')).toHaveLength(5);
  });

  it('[I67] no content if that is preferred', async () => {
    await itemWith('e', 'one', 'two');
    const headers = { prefer: 'return=minimal' };
    const answer = (await restore('e', 1, { headers })).expect(204);
    expect(answer.headers).toMatchObject({
      'preference-applied': 'return=minimal',
      etag: expect.stringMatching(/^"3-/),
    });
    (await service.api.delete('/items/e')).expect(204);
    const created = (await restore('e', 1, { headers })).expect(201);
    expect(created.content).toHaveLength(0);
    expect(created.headers).toMatchObject({ location: '/items/e', 'preference-applied': 'return=minimal' });
  });

  it('[I64] races: of restores and changes at the same time each gets the state that it asks for, without a gap', async () => {
    await itemWith('r', 'one', 'two');
    const work = Array.from({ length: 30 }, (_, n) =>
      n % 3 === 0 ? service.api.put('/items/r', { name: `n-${n}` }) : restore('r', (n % 3) as 1 | 2),
    );
    for (const answer of await Promise.all(work)) answer.expect(200);
    const versions = await versionsOf('r');
    expect(versions.map(({ version }: { version: number }) => version)).toEqual(
      Array.from({ length: versions.length }, (_, n) => versions.length - n),
    );
    for (const { operation, item } of versions) {
      expect(operation === 'restore' ? ['one', 'two'] : [item.name]).toContain(item.name);
    }
  });

  it('[I64] a version of the same group of writes can be restored', async () => {
    (await service.api.put('/items/g', { name: 'one' })).expect(201);
    // The first write is under way, so the others form a group behind it.
    const [, , restored] = await Promise.all([
      service.api.put('/items/other', { name: 'x' }),
      service.api.put('/items/g', { name: 'two' }),
      service.api.call('POST', '/items/g/restore', { json: { version: 2 } }).then(async (answer) => answer),
    ]);
    expect([200, 404]).toContain(restored.status);
    proves('I64');
    expect((await versionsOf('g'))[0].item.name).toBe('two');
  });
});
