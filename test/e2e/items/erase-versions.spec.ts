import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../support/answer.js';
import type { CallOptions } from '../../support/caller.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { migratedDatabase } from '../../support/database/engine.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const RACES = sized(6, 60);

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp();
});
afterAll(() => service?.close());

const tick = () => void (service.clock.now = new Date(service.clock.now.getTime() + 1_000));
const now = () => service.clock.now.toISOString();
const erase = (id: string, headers: Record<string, string> = {}, of = service): Promise<Answer> =>
  of.api.call('DELETE', `/items/${id}/versions`, { headers });
const restore = (id: string, version: number) => service.api.post(`/items/${id}/restore`, { version });
const under = (key: string): CallOptions => ({ headers: { 'idempotency-key': key } });
const versionsOf = async (id: string) =>
  (await service.api.get(`/items/${id}/versions?limit=200`)).expect(200).json.versions;

/** A deleted item that had these names, one after the other. Its newest version is the deletion. */
async function deletedItem(id: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await service.api.put(`/items/${id}`, { name, tags: [name], attributes: { [name]: 1 }, description: name });
    tick();
  }
  (await service.api.delete(`/items/${id}`)).expect(204);
  tick();
}

describe('DELETE /items/:id/versions', () => {
  it('[I70] 204, and all that is left of the versions is number, operation, time and caller', async () => {
    await deletedItem('a', 'one', 'two');
    const before = await versionsOf('a');
    const answer = (await erase('a', { 'x-request-id': 'r-erase' })).expect(204);
    expect(answer.content).toHaveLength(0);
    const [erasure, ...earlier] = await versionsOf('a');
    expect(erasure).toEqual({
      version: 4,
      operation: 'erase',
      at: now(),
      actor: before[0].actor,
      requestId: 'r-erase',
    });
    expect(earlier).toEqual(
      before.map(({ version, operation, at, actor }: Record<string, unknown>) => {
        return { version, operation, at, actor, erased: true };
      }),
    );
    expect(earlier).toHaveLength(3);
  });

  it('[I72] 410 for each version from before it, to restore one, and for a moment at which there was an item', async () => {
    const from = now();
    await deletedItem('b', 'one', 'two');
    const deletedAt = now();
    tick();
    (await erase('b')).expect(204);
    for (const version of [1, 2, 3]) {
      const gone = (await service.api.get(`/items/b/versions/${version}`)).expect(410, 'version-erased');
      expect(gone.json).toMatchObject({ itemId: 'b', version, retryable: false });
      (await restore('b', version)).expect(410, 'version-erased');
    }
    const then = (await service.api.get(`/items/b?at=${from}`)).expect(410, 'version-erased');
    expect(then.json).not.toHaveProperty('version');
    (await service.api.get(`/items/b?at=${deletedAt}`)).expect(404, 'version-not-found');
    (await service.api.get('/items/b?at=2100-01-01T00:00:00Z')).expect(404, 'version-not-found');
    (await service.api.get('/items/b?at=2000-01-01T00:00:00Z')).expect(404, 'version-not-found');
    expect((await service.api.get('/items/b/versions/4')).expect(200).json).toMatchObject({ operation: 'erase' });
    (await restore('b', 4)).expect(404, 'version-not-found');
    (await service.api.get('/items/b/versions/5')).expect(404, 'version-not-found');
    (await service.api.get('/items/b')).expect(404, 'item-not-found');
  });

  it('[I71] 404 for an id that was never used, 409 while the item is there, and nothing is erased', async () => {
    (await erase('none')).expect(404, 'item-not-found');
    await deletedItem('c', 'one');
    (await service.api.put('/items/c', { name: 'two' })).expect(201);
    const refused = (await erase('c')).expect(409, 'item-not-deleted');
    expect(refused.json).toMatchObject({ itemId: 'c', itemUrl: '/items/c', retryable: false });
    expect(refused.json.detail).toContain('Delete it first');
    expect((await versionsOf('c')).map(({ erased }: { erased?: true }) => erased)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect((await service.api.get('/items/c/versions/1')).expect(200).json.item.name).toBe('one');
  });

  it('[I71] 204 again for what is erased, and no version is made', async () => {
    await deletedItem('d', 'one');
    (await erase('d')).expect(204);
    const once = await versionsOf('d');
    tick();
    (await erase('d')).expect(204);
    expect(await versionsOf('d')).toEqual(once);
  });

  it('[I73] conditions are on the list of versions, and 404 and 409 come before them', async () => {
    await deletedItem('e', 'one');
    const tagOf = async () => String((await service.api.get('/items/e/versions')).expect(200).headers.etag);
    const tag = await tagOf();
    expect(tag).toMatch(/^"/);
    const ofDeletion = String((await service.api.get('/items/e/versions/2')).expect(200).headers.etag);
    const failing = [
      ['if-match', '"old"'],
      ['if-match', `W/${tag}`],
      ['if-match', ofDeletion],
      ['if-none-match', tag],
      ['if-none-match', '*'],
    ] as const;
    for (const [name, value] of failing) {
      expect((await erase('e', { [name]: value })).expect(412, 'precondition-failed').json).not.toHaveProperty(
        'currentVersion',
      );
    }
    (await erase('none', { 'if-match': '"old"' })).expect(404, 'item-not-found');
    (await erase('none', { 'if-match': '*' })).expect(404, 'item-not-found');
    (await erase('e', { 'if-match': tag })).expect(204);
    expect(await tagOf()).not.toBe(tag);
    (await erase('e', { 'if-match': tag })).expect(412, 'precondition-failed');
    (await erase('e', { 'if-match': await tagOf() })).expect(204);
    (await erase('e', { 'if-match': '*' })).expect(204);
    (await service.api.put('/items/e', { name: 'there' })).expect(201);
    (await erase('e', { 'if-match': '"old"' })).expect(409, 'item-not-deleted');
  });

  it('[I73] 428 without a condition if one is required', async () => {
    const strict = await startTestApp({ requirePreconditions: true });
    (await strict.api.put('/items/a', { name: 'one' }, { headers: { 'if-none-match': '*' } })).expect(201);
    (await strict.api.delete('/items/a', { headers: { 'if-match': '*' } })).expect(204);
    (await erase('a', {}, strict)).expect(428, 'precondition-required');
    (await erase('a', { 'if-match': '*' }, strict)).expect(204);
    await strict.close();
  });

  it('[I74] 410 to each repeat under a key from before, whatever it asks for', async () => {
    const requests: [string, string, object | undefined, CallOptions][] = [
      ['POST', '/items', { id: 'f', name: 'one' }, under('f-1')],
      ['PUT', '/items/f', { name: 'two' }, under('f-2')],
      ['PATCH', '/items/f', { name: 'three' }, under('f-3')],
      ['POST', '/items/f/restore', { version: 1 }, under('f-4')],
      ['PUT', '/items/f', { name: 'one' }, under('f-5')],
      ['DELETE', '/items/f', undefined, under('f-6')],
      ['DELETE', '/items/f/versions', undefined, under('f-7')],
    ];
    const send = ([method, target, json, options]: (typeof requests)[number]) =>
      service.api.call(method, target, { ...options, ...(json && { json }) });
    const statuses: number[] = [];
    for (const request of requests) statuses.push((await send(request)).status);
    expect(statuses).toEqual([201, 200, 200, 200, 200, 204, 204]);
    const erasure = requests.pop()!;
    for (const request of requests) {
      const gone = (await send(request)).expect(410, 'answer-erased');
      expect(gone.json).toMatchObject({ retryable: false });
      expect(gone.headers).not.toHaveProperty('idempotency-replayed');
    }
    (await service.api.put('/items/f', { name: 'else' }, under('f-2'))).expect(410, 'answer-erased');
    const again = (await send(erasure)).expect(204);
    expect(again.headers['idempotency-replayed']).toBe('true');
    // The next erasure takes the answer of this one, too.
    await deletedItem('f', 'later');
    (await erase('f')).expect(204);
    (await send(erasure)).expect(410, 'answer-erased');
  });

  it('[I75] created again, the item has new versions, and the old ones stay erased; it can be erased again', async () => {
    await deletedItem('g', 'one');
    (await erase('g')).expect(204);
    (await service.api.post('/items', { id: 'g', name: 'new life' })).expect(201);
    const [first, ...earlier] = await versionsOf('g');
    expect(first).toMatchObject({ version: 4, operation: 'create', item: { name: 'new life', version: 4 } });
    expect(earlier.map(({ item }: { item?: object }) => item)).toEqual([undefined, undefined, undefined]);
    (await service.api.get('/items/g/versions/1')).expect(410, 'version-erased');
    (await restore('g', 1)).expect(410, 'version-erased');
    (await service.api.delete('/items/g')).expect(204);
    expect((await restore('g', 4)).expect(201).json.name).toBe('new life');
    (await service.api.delete('/items/g')).expect(204);
    (await erase('g')).expect(204);
    const numbers = (await versionsOf('g')).map(({ version, erased }: Record<string, unknown>) => [version, erased]);
    expect(numbers).toEqual([[8, undefined], ...[7, 6, 5, 4, 3, 2, 1].map((version) => [version, true])]);
  });

  it('[I76] a list with deleted items shows it without name and content, and nothing finds what was erased', async () => {
    await deletedItem('h', 'Rarissima');
    const find = async (parameters: string) =>
      (await service.api.get(`/items?deleted=true&${parameters}`)).expect(200).json.items;
    const searches = [
      'q=rarissima',
      'filter=name==Rarissima',
      'filter=tags==Rarissima',
      'filter=attributes.Rarissima==1',
    ];
    for (const search of searches) expect(await find(search)).toHaveLength(1);
    const [before] = await find('ids=h');
    (await erase('h')).expect(204);
    for (const search of searches) expect(await find(search)).toEqual([]);
    const { description: _, ...kept } = before;
    const after = { ...kept, name: '', tags: [], attributes: {}, version: 3, updatedAt: now() };
    expect(await find('ids=h')).toEqual([after]);
    expect(await find('filter=name==""&ids=h')).toEqual([after]);
    expect((await service.api.get('/items?ids=h')).expect(200).json.items).toEqual([]);
  });

  it('[I73] a page of versions that the client has is not the same after the erasure', async () => {
    await deletedItem('p', 'one', 'two');
    const { next } = (await service.api.get('/items/p/versions?limit=1')).expect(200).json;
    const older = `/items/p/versions?limit=1&cursor=${next}`;
    const headers = { 'if-none-match': String((await service.api.get(older)).expect(200).headers.etag) };
    (await service.api.get(older, { headers })).expect(304);
    (await erase('p')).expect(204);
    expect((await service.api.get(older, { headers })).expect(200).json.versions[0].erased).toBe(true);
  });

  it('[I78] 403 without the scope items:erase, which items:write does not include', async () => {
    const guarded = await startTestApp({ auth: 'required' });
    (await guarded.api.put('/items/a', { name: 'one' })).expect(201);
    (await guarded.api.delete('/items/a')).expect(204);
    const refused = await erase('a', { authorization: bearer(KEYS.writer) }, guarded);
    expect(refused.expect(403, 'insufficient-scope').json.scope).toBe('items:erase');
    (await erase('a', {}, guarded)).expect(204);
    await guarded.close();
  });

  it('[I77] races: of an erasure and other changes of one item nothing is left behind it, and no number is missing', async () => {
    const database = await migratedDatabase();
    const services = [
      await startTestApp({ database: database.config }),
      await startTestApp({ database: database.config }),
    ];
    const statuses = new Set<number>();
    for (let round = 0; round < RACES; round += 1) {
      const [one, other] = round % 2 === 0 ? services : services.toReversed();
      await one!.api.put('/items/r', { name: `life ${round}` });
      (await one!.api.delete('/items/r')).expect(204);
      const answers = await Promise.all([
        erase('r', {}, one),
        other!.api.put('/items/r', { name: 'again' }),
        other!.api.post('/items/r/restore', { version: 1 }),
        erase('r', {}, other),
      ]);
      for (const { status } of answers) statuses.add(status);
    }
    await services[0]!.api.delete('/items/r');
    (await erase('r', {}, services[0])).expect(204);
    const versions: Record<string, unknown>[] = [];
    for (let target: string | undefined = '/items/r/versions?limit=200'; target !== undefined;) {
      const page: Answer = (await services[1]!.api.get(target)).expect(200);
      versions.push(...page.json.versions);
      target = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1];
    }
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, n) => versions.length - n));
    expect(versions.filter(({ item }) => item !== undefined)).toEqual([]);
    expect([...statuses].every((status) => [200, 201, 204, 409, 410].includes(status))).toBe(true);
    for (const one of services) await one.close();
    await database.drop();
  });

  it('[I77] in one group of writes: what comes before the erasure is erased, what comes behind it does not bring it back', async () => {
    await deletedItem('s', 'one');
    // The first write is under way, so the others form a group behind it.
    const [, , , , , restored, created] = await Promise.all([
      service.api.put('/items/other', { name: 'x' }),
      service.api.put('/items/s', { name: 'two' }, under('s-2')),
      service.api.patch('/items/s', { name: 'three' }),
      service.api.delete('/items/s'),
      erase('s'),
      restore('s', 1),
      service.api.put('/items/s', { name: 'new' }),
    ]);
    restored.expect(410, 'version-erased');
    created.expect(201);
    (await service.api.put('/items/s', { name: 'two' }, under('s-2'))).expect(410, 'answer-erased');
    const names = (await versionsOf('s')).map(({ item }: { item?: { name: string } }) => item?.name);
    expect(names).toEqual(['new', undefined, undefined, undefined, undefined, undefined, undefined]);
  });
});
