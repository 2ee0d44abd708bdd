import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '../../../src/http/fields/cursor.js';
import type { Answer } from '../../support/answer.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const versionsOf = (page: Answer): number[] => page.json.versions.map(({ version }: { version: number }) => version);

let service: TestApp;
/** When version n was made is the element n. */
const times: string[] = [];

beforeAll(async () => {
  service = await startTestApp({ auth: 'off' });
  const changes: (() => Promise<Answer>)[] = [
    () =>
      service.api.post('/items', { id: 'a', name: 'one', attributes: { 10: 1, b: { c: [] }, a: 1.5 } }, sentAs('r-1')),
    () => service.api.put('/items/a', { name: 'two', tags: ['x'], description: 'd' }, sentAs('r-2')),
    () => service.api.call('PATCH', '/items/a', { ...sentAs('r-3'), json: { name: 'three' } }),
    () => service.api.delete('/items/a', sentAs('r-4')),
    () => service.api.put('/items/a', { name: 'five' }, sentAs('r-5')),
  ];
  for (const change of changes) {
    times[times.length === 0 ? 1 : times.length] = service.clock.now.toISOString();
    await change();
    service.clock.now = new Date(service.clock.now.getTime() + 1_000);
  }
  (await service.api.put('/items/gone', { name: 'gone' })).expect(201);
  (await service.api.delete('/items/gone')).expect(204);
});
afterAll(() => service?.close());

const sentAs = (requestId: string) => ({ headers: { 'x-request-id': requestId } });

describe('GET /items/:id/versions', () => {
  it('[I60] 200 with every change, the newest first, and the whole item as it was after it', async () => {
    const page = (await service.api.get('/items/a/versions')).expect(200);
    const about = (version: number, operation: string) => ({
      version,
      operation,
      at: times[version],
      actor: 'anonymous',
      requestId: `r-${version}`,
    });
    const whole = { id: 'a', tags: [], attributes: {}, createdAt: times[1] };
    const attributes = { 10: 1, b: { c: [] }, a: 1.5 };
    const two = { ...whole, name: 'two', description: 'd', tags: ['x'], version: 2, updatedAt: times[2] };
    expect(page.json).toEqual({
      versions: [
        {
          ...about(5, 'create'),
          item: { ...whole, name: 'five', version: 5, createdAt: times[5], updatedAt: times[5] },
        },
        about(4, 'delete'),
        { ...about(3, 'patch'), item: { ...two, name: 'three', version: 3, updatedAt: times[3] } },
        { ...about(2, 'replace'), item: two },
        { ...about(1, 'create'), item: { ...whole, name: 'one', attributes, version: 1, updatedAt: times[1] } },
      ],
      next: null,
    });
    expect(page.headers['cache-control']).toBe('private, no-cache, no-transform');
  });

  it.each([1, 2, 4, 5, 200])('[I61] 200 for every page of %i, each version once', async (limit) => {
    const met: number[] = [];
    for (let target: string | undefined = `/items/a/versions?limit=${limit}`; target !== undefined;) {
      const page: Answer = (await service.api.get(target)).expect(200);
      met.push(...versionsOf(page));
      target = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1];
      expect(page.json.next === null).toBe(target === undefined);
      expect(page.headers.link).toContain(`</items/a/versions?limit=${limit}>; rel="first"`);
    }
    expect(met).toEqual([5, 4, 3, 2, 1]);
  });

  it('[I60] 200 for a deleted item', async () => {
    expect(versionsOf((await service.api.get('/items/gone/versions')).expect(200))).toEqual([2, 1]);
  });

  it('[I60] 404 for an id that was never used, with and without a cursor', async () => {
    (await service.api.get('/items/none/versions')).expect(404, 'item-not-found');
    const cursor = encodeCursor('versions of none', '7');
    (await service.api.get(`/items/none/versions?cursor=${cursor}`)).expect(404, 'item-not-found');
  });

  it('[I61] 400 for a cursor of another item or listing, or with another position', async () => {
    const { next } = (await service.api.get('/items/a/versions?limit=1')).expect(200).json;
    const others = [
      next.slice(1),
      encodeCursor('items', 'a'),
      ...['0', '-1', 'a', '', '2147483648', '1000000000', '1.5'].map((at) => encodeCursor('versions of a', at)),
    ];
    for (const cursor of others)
      (await service.api.get(`/items/a/versions?cursor=${cursor}`)).expect(400, 'invalid-cursor');
    (await service.api.get(`/items/gone/versions?cursor=${next}`)).expect(400, 'invalid-cursor');
    (await service.api.get(`/items/a/versions?cursor=${next}`, { headers: { accept: 'text/plain' } })).expect(
      406,
      'not-acceptable',
    );
    (await service.api.get('/items/a/versions?cursor=AAAA', { headers: { accept: 'text/plain' } })).expect(
      400,
      'invalid-cursor',
    );
    const first = encodeCursor('versions of a', '1');
    expect((await service.api.get(`/items/a/versions?cursor=${first}`)).expect(200).json).toEqual({
      versions: [],
      next: null,
    });
  });

  it('[I61] 200 with fewer than limit if they are more than 1 MiB together', async () => {
    const attributes = (n: number) => ({ n, text: 'x'.repeat(16_000) });
    for (let n = 0; n < 70; n += 1) await service.api.put('/items/large', { name: 'large', attributes: attributes(n) });
    const page = (await service.api.get('/items/large/versions?limit=200')).expect(200);
    expect(page.content.length).toBeLessThan(1_048_576);
    expect(page.content.length).toBeGreaterThan(950_000);
    const rest = (await service.api.get(`/items/large/versions?limit=200&cursor=${page.json.next}`)).expect(200);
    expect([...versionsOf(page), ...versionsOf(rest)]).toEqual(Array.from({ length: 70 }, (_, n) => 70 - n));
  });

  it('[I62] 304 until another version comes', async () => {
    (await service.api.put('/items/b', { name: 'one' })).expect(201);
    const headers = { 'if-none-match': String((await service.api.get('/items/b/versions')).expect(200).headers.etag) };
    (await service.api.get('/items/b/versions', { headers })).expect(304);
    (await service.api.get('/items/b/versions', { headers: { 'if-match': '"x"' } })).expect(412, 'precondition-failed');
    (await service.api.put('/items/b', { name: 'two' })).expect(200);
    (await service.api.get('/items/b/versions', { headers })).expect(200);
  });

  it('400 for a wrong limit, an unknown parameter and a body', async () => {
    (await service.api.get('/items/a/versions?limit=0&x=1')).expect(400, 'invalid-query');
    (await service.api.get('/items/a/versions', { json: {} })).expect(400, 'unexpected-content');
    (await service.api.get('/items/-a/versions')).expect(400, 'invalid-path');
  });
});

describe('GET /items/:id/versions/:version', () => {
  it('[I60] [I62] 200 with the version, its entity-tag and its time, also of a deletion and of a deleted item', async () => {
    const page = (await service.api.get('/items/a/versions')).expect(200).json.versions;
    for (const version of page) {
      const answer = (await service.api.get(`/items/a/versions/${version.version}`)).expect(200);
      proves('I60');
      expect(answer.json).toEqual(version);
      proves('I62');
      expect(answer.headers.etag).toMatch(new RegExp(`^"${version.version}-[0-9a-f]{8}"$`));
      expect(answer.headers['last-modified']).toBe(new Date(version.at).toUTCString());
      expect(answer.headers['cache-control']).toBe('private, no-cache, no-transform');
      const headers = { 'if-none-match': String(answer.headers.etag) };
      (await service.api.get(`/items/a/versions/${version.version}`, { headers })).expect(304);
    }
    const current = (await service.api.get('/items/a')).expect(200);
    expect((await service.api.get('/items/a/versions/5')).expect(200).headers.etag).toBe(current.headers.etag);
    expect((await service.api.get('/items/gone/versions/1')).expect(200).json.item).toMatchObject({ name: 'gone' });
  });

  it('[I60] 404 for a version that never was, and for an id that was never used', async () => {
    const refused = (await service.api.get('/items/a/versions/6')).expect(404, 'version-not-found');
    expect(refused.json).toMatchObject({ itemId: 'a', version: 6, detail: 'Item a has no version 6.' });
    (await service.api.get('/items/none/versions/1')).expect(404, 'item-not-found');
  });

  it.each(['0', '01', '-1', '1.5', 'x', '99999999999', '2147483648', '1000000000', '999999999'])(
    '[I60] 400 or 404 for version %s',
    async (version) => {
      const isNumber = /^[1-9]\d{0,8}$/.test(version);
      (await service.api.get(`/items/a/versions/${version}`)).expect(
        isNumber ? 404 : 400,
        isNumber ? 'version-not-found' : 'invalid-path',
      );
    },
  );

  it('412 for another tag in If-Match', async () => {
    // The version that is current is another one, and is not looked up.
    for (const target of ['/items/a/versions/1', `/items/a?at=${times[1]}`]) {
      const refused = await service.api.get(target, { headers: { 'if-match': '"5-00000000"' } });
      expect(refused.expect(412, 'precondition-failed').json).not.toHaveProperty('currentVersion');
    }
  });
});

describe('GET /items/:id?at=…', () => {
  it('[I63] 200 with the item as it was then', async () => {
    for (const version of [1, 2, 3, 5]) {
      const then = (await service.api.get(`/items/a/versions/${version}`)).expect(200);
      const later = new Date(Date.parse(times[version]!) + 999).toISOString();
      for (const at of [times[version], later, later.replace('Z', '-00:00'), later.replace('Z', '999Z')]) {
        const answer = (await service.api.get(`/items/a?at=${at}`)).expect(200);
        expect(answer.json).toEqual(then.json.item);
        expect(answer.headers.etag).toBe(then.headers.etag);
      }
    }
    const east = times[1]!.replace('T03', 'T12').replace('Z', '%2B09:00');
    expect((await service.api.get(`/items/a?at=${east}&fields=name`)).expect(200).json).toEqual({ name: 'one' });
    expect((await service.api.get('/items/a?at=2100-01-01T00:00:00Z')).expect(200).json.version).toBe(5);
  });

  it('[I63] 404 before it was created, while it was deleted, and for an id that was never used', async () => {
    const before = new Date(Date.parse(times[1]!) - 1).toISOString();
    const early = (await service.api.get(`/items/a?at=${before}`)).expect(404, 'version-not-found');
    expect(early.json.detail).toBe(`At ${before} item a did not exist yet.`);
    const deleted = (await service.api.get(`/items/a?at=${times[4]}`)).expect(404, 'version-not-found');
    expect(deleted.json.detail).toBe(`At ${times[4]} item a was deleted.`);
    const earliest = (await service.api.get('/items/a?at=0000-01-01T00:00:00%2B23:59')).expect(
      404,
      'version-not-found',
    );
    expect(earliest.json.detail).toBe('At 0000-01-01T00:00:00.000Z item a did not exist yet.');
    (await service.api.get(`/items/none?at=${times[4]}`)).expect(404, 'item-not-found');
  });

  it.each([
    '',
    'now',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-02-30T00:00:00Z',
    '2026-01-02 03:04:05Z',
    '1767323045',
  ])('[I63] 400 for at=%s', async (at) => {
    const refused = (await service.api.get(`/items/a?at=${encodeURIComponent(at)}`)).expect(400, 'invalid-query');
    expect(refused.json.errors).toMatchObject([{ parameter: 'at', rule: 'format' }]);
  });

  it('[I62] 304 for what the client has, though the item has changed since', async () => {
    const old = (await service.api.get(`/items/a?at=${times[1]}`)).expect(200);
    const headers = { 'if-none-match': String(old.headers.etag) };
    (await service.api.get(`/items/a?at=${times[1]}`, { headers })).expect(304);
    (await service.api.get('/items/a', { headers })).expect(200);
  });
});
