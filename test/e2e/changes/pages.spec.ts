import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCANNED_MAX } from '../../../src/items/store/changes/changes.statements.js';
import type { Answer } from '../../support/answer.js';
import { addChanges } from '../../support/database/many-changes.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
beforeAll(async () => {
  service = await startTestApp({ auth: 'off' });
});
afterAll(() => service?.close());

const sentAs = (requestId: string) => ({ headers: { 'x-request-id': requestId } });
const versionsIn = (page: Answer): string[] =>
  page.json.changes.map(({ id, version }: { id: string; version: number }) => `${id} ${version}`);
const latest = async (): Promise<string> => (await service.api.get('/changes/latest')).expect(200).json.position;

describe('GET /changes', () => {
  it('200 with none on an empty database, and a position that stays valid', async () => {
    expect((await service.api.get('/changes')).expect(200).json).toEqual({ changes: [], position: '0-00000000' });
    expect((await service.api.get('/changes?after=now')).expect(200).json.position).toBe('0-00000000');
    expect(await latest()).toBe('0-00000000');
    (await service.api.put('/items/first', { name: 'x' })).expect(201);
    expect(versionsIn((await service.api.get('/changes?after=0-00000000')).expect(200))).toEqual(['first 1']);
  });

  it('[Q1] 200 with every change in the order of the writes, and none for what changed nothing', async () => {
    const start = await latest();
    const at = service.clock.now.toISOString();
    const { api } = service;
    (await api.post('/items', { id: 'a', name: 'one', attributes: { 10: 1, b: [1.5] } }, sentAs('r-1'))).expect(201);
    (await api.put('/items/b', { name: 'b' }, sentAs('r-2'))).expect(201);
    (await api.patch('/items/a', { name: 'two' }, sentAs('r-3'))).expect(200);
    (await api.patch('/items/a', { name: 'two' })).expect(200);
    (await api.post('/items', { id: 'a', name: 'again' })).expect(409, 'item-exists');
    (await api.delete('/items/a', sentAs('r-4'))).expect(204);
    (await api.post('/items/a/restore', { version: 1 }, sentAs('r-5'))).expect(201);
    const page = (await api.get(`/changes?after=${start}`)).expect(200);
    const item = {
      id: 'a',
      name: 'one',
      tags: [],
      attributes: { 10: 1, b: [1.5] },
      version: 1,
      createdAt: at,
      updatedAt: at,
    };
    const about = (operation: string, id: string, version: number, n: number) => ({
      position: page.json.changes[n - 1]?.position,
      operation,
      id,
      version,
      at,
      actor: 'anonymous',
      requestId: `r-${n}`,
    });
    expect(page.json).toEqual({
      changes: [
        { ...about('create', 'a', 1, 1), item },
        { ...about('create', 'b', 1, 2), item: { ...item, id: 'b', name: 'b', attributes: {} } },
        { ...about('patch', 'a', 2, 3), item: { ...item, name: 'two', version: 2 } },
        { ...about('delete', 'a', 3, 4), item: null },
        { ...about('restore', 'a', 4, 5), item: { ...item, version: 4 } },
      ],
      position: page.json.changes[4].position,
    });
    const [version, revision] = (await api.entityTagOf('/items/a')).slice(1, -1).split('-');
    expect(version).toBe('4');
    expect(page.json.position).toMatch(new RegExp(String.raw`^\d+-${revision}$`));
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it.each([1, 2, 3, 1000])('[Q2] 200 for every page of %i, each change once', async (limit) => {
    const all = versionsIn((await service.api.get('/changes')).expect(200));
    const met: string[] = [];
    let page = (await service.api.get(`/changes?limit=${limit}`)).expect(200);
    while (page.json.changes.length > 0) {
      expect(page.json.changes.length).toBeLessThanOrEqual(limit);
      met.push(...versionsIn(page));
      page = (await service.api.get(`/changes?limit=${limit}&after=${page.json.position}`)).expect(200);
    }
    expect(page.json.position).toBe(await latest());
    expect(met).toEqual(all);
    expect(met.length).toBeGreaterThan(5);
  });

  it('[Q4] 200 from Last-Event-ID on, whatever after is; 400 if it is no position', async () => {
    const [first, second] = (await service.api.get('/changes?limit=2')).expect(200).json.changes;
    const following = async (field: string) => {
      const headers = { 'last-event-id': field };
      return (await service.api.get(`/changes?limit=1&after=${first.position}`, { headers })).expect(200).json.changes;
    };
    expect((await following(second.position))[0].position).not.toBe(second.position);
    expect((await following('0-00000000'))[0]).toEqual(first);
    expect((await following(''))[0]).toEqual(second);
    for (const field of ['now', 'x', '1', '1-1', `${first.position}, ${first.position}`]) {
      const refused = await service.api.get('/changes', { headers: { 'last-event-id': field } });
      refused.expect(400, 'invalid-last-event-id');
      expect(refused.json).toMatchObject({ given: field, errors: [{ header: 'Last-Event-ID', rule: 'position' }] });
    }
  });

  it('[Q5] 200 with the changes of some items alone', async () => {
    const page = (await service.api.get('/changes?ids=b,none,first')).expect(200);
    expect(versionsIn(page)).toEqual(['first 1', 'b 1']);
    expect(page.json.position).toBe(await latest());
    const one = (await service.api.get('/changes?ids=b,first&limit=1')).expect(200);
    expect(versionsIn(one)).toEqual(['first 1']);
    expect(one.json.position).toBe(one.json.changes[0].position);
    const next = (await service.api.get(`/changes?ids=b,first&limit=1&after=${one.json.position}`)).expect(200);
    expect(versionsIn(next)).toEqual(['b 1']);
  });

  it('[Q5] 200 without the items', async () => {
    const { changes } = (await service.api.get('/changes?include=none')).expect(200).json;
    expect(changes.map((change: object) => 'item' in change)).toEqual(Array(changes.length).fill(false));
    expect((await service.api.get('/changes?include=item')).json.changes[0].item.name).toBe('x');
  });

  it('[Q10] 200 with item null, erased true and no requestId for a change that was erased, and with the erasure', async () => {
    (await service.api.put('/items/secret', { name: 'x' })).expect(201);
    (await service.api.delete('/items/secret')).expect(204);
    (await service.api.delete('/items/secret/versions')).expect(204);
    const { changes } = (await service.api.get('/changes?ids=secret')).expect(200).json;
    const without = expect.not.objectContaining({ requestId: expect.anything() });
    expect(changes).toEqual([without, without, expect.objectContaining({ requestId: expect.any(String) })]);
    expect(changes).toMatchObject([
      { operation: 'create', item: null, erased: true },
      { operation: 'delete', item: null, erased: true },
      { operation: 'erase', item: null },
    ]);
    expect(changes[2]).not.toHaveProperty('erased');
    const brief = (await service.api.get('/changes?ids=secret&include=none')).expect(200).json.changes;
    expect(brief.map(({ erased }: { erased?: true }) => erased)).toEqual([true, true, undefined]);
  });

  it('[Q6] 200 with fewer than limit if they are more than 1 MiB together', async () => {
    const start = await latest();
    const text = 'x'.repeat(16_000);
    const operations = Array.from({ length: 70 }, (_, n) => {
      return { method: 'PUT', id: 'large', body: { name: 'large', attributes: { n, text } } };
    });
    (await service.api.post('/batch', { atomic: true, operations })).expect(200);
    const page = (await service.api.get(`/changes?limit=1000&after=${start}`)).expect(200);
    expect(page.content.length).toBeLessThan(1_048_576);
    expect(page.content.length).toBeGreaterThan(950_000);
    const rest = (await service.api.get(`/changes?limit=1000&after=${page.json.position}`)).expect(200);
    const withoutItems = (await service.api.get(`/changes?limit=1000&include=none&after=${start}`)).expect(200);
    expect(versionsIn(withoutItems)).toHaveLength(70);
    expect([...versionsIn(page), ...versionsIn(rest)]).toEqual(Array.from({ length: 70 }, (_, n) => `large ${n + 1}`));
  });

  it('[Q5] 200 with none and a later position if so many changes of other items come first', async () => {
    const start = await latest();
    await addChanges(service.config.database, SCANNED_MAX + 10);
    (await service.api.put('/items/rare', { name: 'x' })).expect(201);
    const page = (await service.api.get(`/changes?ids=rare&after=${start}`)).expect(200);
    expect(page.json.changes).toEqual([]);
    expect(Number(page.json.position.split('-')[0])).toBe(Number(start.split('-')[0]) + SCANNED_MAX);
    const next = (await service.api.get(`/changes?ids=rare&after=${page.json.position}`)).expect(200);
    expect(versionsIn(next)).toEqual(['rare 1']);
    expect(next.json.position).toBe(await latest());
  });
});
