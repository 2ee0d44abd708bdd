import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '../../../src/http/fields/cursor.js';
import type { Answer } from '../../support/answer.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

interface Stored {
  id: string;
  name: string;
  createdAt: string;
  updatedAt: string;
}

const idsOf = (page: Answer): string[] => page.json.items.map(({ id }: { id: string }) => id);
const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
/** Every character that JSON escapes, and some that it might. */
const CONTROLS = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code + 1)).join('');
const NASTY = `"\\/\u007f\u2028\u2029\ufeff\u{1f600}é<>&${CONTROLS}`;
const NAMES = ['b', 'a', 'B', 'é', 'z', '\u{1f600}', '\uffff', 'a b', 'a', 'a', '', NASTY].map((name) => name || '\n');

describe('GET /items', () => {
  let service: TestApp;
  let stored: Stored[];

  /** Sets the clock later. */
  const tick = (ms: number) => void (service.clock.now = new Date(service.clock.now.getTime() + ms));

  beforeAll(async () => {
    service = await startTestApp();
    for (const [n, name] of NAMES.entries()) {
      const id = `i${(n * 7) % NAMES.length}`;
      // Two of them are created in the same millisecond.
      if (n % 2 === 0) tick(1);
      (await service.api.put(`/items/${id}`, { name, description: NASTY, tags: [NASTY], attributes: { n } })).expect(
        201,
      );
    }
    tick(5);
    for (const id of ['i3', 'i1']) {
      const { name } = (await service.api.get(`/items/${id}`)).expect(200).json;
      (
        await service.api.put(`/items/${id}`, { name, attributes: { deep: { a: [1, { b: 2 }], 'c.d': { e: null } } } })
      ).expect(200);
    }
    (await service.api.put('/items/gone', { name: 'gone', tags: ['x'] })).expect(201);
    (await service.api.delete('/items/gone')).expect(204);
    stored = (await service.api.get('/items')).expect(200).json.items;
  });
  afterAll(() => service?.close());

  async function walk(target: string): Promise<string[]> {
    const ids: string[] = [];
    for (let next: string | undefined = target; next !== undefined;) {
      const page: Answer = (await service.api.get(next)).expect(200);
      ids.push(...idsOf(page));
      next = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1];
    }
    return ids;
  }

  describe('sort', () => {
    const sorts = (['id', 'name', 'createdAt', 'updatedAt'] as const).flatMap((member) => [
      { sort: member, member, sign: 1 },
      { sort: `-${member}`, member, sign: -1 },
    ]);

    it.each(sorts)(
      '[I50] 200 for $sort, ties by id in the same direction, over pages of every size',
      async ({ sort, member, sign }) => {
        const expected = stored
          .toSorted((a, b) => sign * (byCodePoint(a[member], b[member]) || byCodePoint(a.id, b.id)))
          .map(({ id }) => id);
        for (const limit of [1, 2, 3, 5, 12, 200])
          expect(await walk(`/items?sort=${sort}&limit=${limit}`)).toEqual(expected);
      },
    );

    it.each(['', 'Name', '+name', 'name,id', '--name', 'version', '__proto__', 'name '])(
      '[I50] 400 for sort=%j',
      async (sort) => {
        const refused = (await service.api.get(`/items?sort=${encodeURIComponent(sort)}`)).expect(400, 'invalid-query');
        expect(refused.json.errors).toEqual([
          {
            parameter: 'sort',
            rule: 'enum',
            detail: 'sort must be one of id, -id, name, -name, createdAt, -createdAt, updatedAt, -updatedAt.',
          },
        ]);
      },
    );

    it('[I4] a walk by updatedAt meets every item that keeps its value once, while others change', async () => {
      const before = stored
        .toSorted((a, b) => byCodePoint(a.updatedAt, b.updatedAt) || byCodePoint(a.id, b.id))
        .map(({ id }) => id);
      const met: string[] = [];
      let n = 0;
      for (let next: string | undefined = '/items?sort=updatedAt&limit=3'; next !== undefined;) {
        const page: Answer = (await service.api.get(next)).expect(200);
        met.push(...idsOf(page));
        tick(1);
        (await service.api.put(`/items/racer-${n++ % 2}`, { name: `lap ${n}` })).expect(n > 2 ? 200 : 201);
        next = n > 8 ? undefined : /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1];
      }
      expect(met.filter((id) => !id.startsWith('racer'))).toEqual(before);
      for (const id of ['racer-0', 'racer-1']) (await service.api.delete(`/items/${id}`)).expect(204);
    });
  });

  describe('ids', () => {
    it('[I51] 200 with the items that exist, each once, all of them without a limit', async () => {
      const many = Array.from({ length: 30 }, (_, n) => `many-${n}`);
      const all = (operation: object) => {
        const operations = many.map((id) => ({ ...operation, id }));
        return service.api.post('/batch', { atomic: true, operations });
      };
      (await all({ method: 'PUT', body: { name: 'x' } })).expect(200);
      const page = (await service.api.get(`/items?ids=${[...many, 'none', 'gone', 'many-1'].join(',')}`)).expect(200);
      expect(idsOf(page)).toEqual(many.toSorted(byCodePoint));
      expect(page.headers.link).toMatch(/^<\/items\?limit=200&ids=many-0,/);
      expect(idsOf((await service.api.get('/items?ids=many-3,many-4&limit=1')).expect(200))).toEqual(['many-3']);
      (await all({ method: 'DELETE' })).expect(200);
    });

    it('[I51] 200 with none if no item has one of them', async () => {
      const page = (await service.api.get('/items?ids=none&count=true')).expect(200);
      expect(page.json).toEqual({ items: [], next: null, count: 0 });
    });

    it.each(['', ',', 'a,', ',a', 'a,,b', 'a b', 'é', "a'", Array(201).fill('a').join(',')])(
      '[I51] 400 for ids=%j',
      async (ids) => {
        const refused = (await service.api.get(`/items?ids=${encodeURIComponent(ids)}`)).expect(400, 'invalid-query');
        expect(refused.json.errors).toMatchObject([{ parameter: 'ids', rule: 'pattern' }]);
      },
    );

    it('[I51] 200 for 200 ids', async () => {
      (await service.api.get(`/items?ids=${Array(200).fill('i1').join(',')}`)).expect(200);
    });
  });

  describe('deleted', () => {
    it('[I53] 200 with tombstones too, each with deletedAt', async () => {
      const page = (await service.api.get('/items?deleted=true&ids=gone,i1')).expect(200);
      expect(page.json.items).toMatchObject([{ id: 'gone', version: 2, name: 'gone', tags: ['x'] }, { id: 'i1' }]);
      const { deletedAt, updatedAt } = page.json.items[0];
      expect(deletedAt).toBe(updatedAt);
      expect(page.json.items[1]).not.toHaveProperty('deletedAt');
    });

    it('[I53] 200 without them for deleted=false, as by default', async () => {
      const page = (await service.api.get('/items?deleted=false&limit=200')).expect(200);
      expect(idsOf(page)).toEqual(stored.map(({ id }) => id));
    });

    it.each(['', '1', 'True', 'yes'])('[I53] [I54] 400 for %j', async (value) => {
      const refused = (await service.api.get(`/items?deleted=${value}&count=${value}`)).expect(400, 'invalid-query');
      for (const row of ['I53', 'I54']) {
        proves(row);
        expect(refused.json.errors).toMatchObject([
          { parameter: 'deleted', rule: 'enum' },
          { parameter: 'count', rule: 'enum' },
        ]);
      }
    });
  });

  describe('count', () => {
    it('[I54] 200 with the number of all items of the list, on every page', async () => {
      const first = (await service.api.get('/items?count=true&limit=5')).expect(200);
      expect(first.json.count).toBe(stored.length);
      const last = (await service.api.get(`/items?count=true&limit=200&cursor=${first.json.next}`)).expect(200);
      expect(last.json.count).toBe(stored.length);
      expect((await service.api.get('/items?count=true&deleted=true&limit=1')).expect(200).json.count).toBe(
        (await walk('/items?deleted=true')).length,
      );
      expect((await service.api.get('/items?count=false')).expect(200).json).not.toHaveProperty('count');
    });

    it('[I9] [I54] its change changes the entity-tag', async () => {
      const target = '/items?count=true&limit=1';
      const headers = { 'if-none-match': String((await service.api.get(target)).expect(200).headers.etag) };
      proves('I9');
      (await service.api.get(target, { headers })).expect(304);
      (await service.api.put('/items/zz-last', { name: 'x' })).expect(201);
      proves('I54');
      (await service.api.get(target, { headers })).expect(200);
      (await service.api.delete('/items/zz-last')).expect(204);
    });
  });

  describe('fields', () => {
    it.each([
      ['id', { id: 'i1' }],
      ['version,id', { id: 'i1', version: 2 }],
      ['attributes', { attributes: { deep: { a: [1, { b: 2 }], 'c.d': { e: null } } } }],
      ['attributes.deep.a', { attributes: { deep: { a: [1, { b: 2 }] } } }],
      ['attributes.deep."c.d".e', { attributes: { deep: { 'c.d': { e: null } } } }],
      ['attributes.deep."c.d",attributes.deep', { attributes: { deep: { a: [1, { b: 2 }], 'c.d': { e: null } } } }],
      ['attributes.deep.a.0,attributes.none,attributes.deep.a.b', {}],
      ['attributes."deep"."c.d"."e",id', { id: 'i1', attributes: { deep: { 'c.d': { e: null } } } }],
      [`attributes.'deep'.'c.d'`, { attributes: { deep: { 'c.d': { e: null } } } }],
      ['description', {}],
      ['deletedAt', {}],
    ])('[I52] 200 for fields=%s with exactly these, in lists and by id', async (fields, expected) => {
      const page = (await service.api.get(`/items?ids=i1&fields=${encodeURIComponent(fields)}`)).expect(200);
      expect(page.json.items).toEqual([expected]);
      const item = (await service.api.get(`/items/i1?fields=${encodeURIComponent(fields)}`)).expect(200);
      expect(item.json).toEqual(expected);
      expect(item.headers.etag).toBe((await service.api.get('/items/i1')).expect(200).headers.etag);
    });

    it('[I52] 200 with members in the order of an item, not of the request', async () => {
      const item = (await service.api.get('/items/i1?fields=version,attributes.deep,name')).expect(200);
      expect(Object.keys(item.json)).toEqual(['name', 'attributes', 'version']);
    });

    it('[I52] a tombstone has deletedAt if it is named', async () => {
      const page = (await service.api.get('/items?ids=gone&deleted=true&fields=deletedAt')).expect(200);
      expect(page.json.items).toEqual([{ deletedAt: expect.stringMatching(/Z$/) }]);
    });

    it.each([
      '',
      ',',
      'id,',
      'colour',
      'revision',
      'ID',
      'name.first',
      'attributes.',
      'attributes..a',
      'attributes."a',
      "attributes.'a",
      'attributes.a(b)',
      String.raw`attributes."a\b"`,
      'attributes.a b',
      'id name',
      '__proto__',
      `attributes.${'a'.repeat(4_096)}`,
      Array(51).fill('id').join(','),
    ])('[I52] 400 for fields=%s, in lists and by id', async (fields) => {
      for (const path of ['/items', '/items/i1']) {
        const refused = (await service.api.get(`${path}?fields=${encodeURIComponent(fields)}`)).expect(
          400,
          'invalid-query',
        );
        expect(refused.json.errors).toMatchObject([{ parameter: 'fields' }]);
      }
    });

    it('[I52] 404 for an item that does not exist', async () => {
      (await service.api.get('/items/none?fields=id')).expect(404, 'item-not-found');
    });
  });

  describe('filter', () => {
    const listOf = async (filter: string, more = '') =>
      (await service.api.get(`/items?filter=${encodeURIComponent(filter)}${more}`)).expect(200);

    const filters: [filter: string, matches: (item: Stored) => boolean][] = [
      ['name==a', ({ name }) => name === 'a'],
      ['name==a*', ({ name }) => name.startsWith('a')],
      ['attributes.deep."c.d".e=ex=true', ({ id }) => id === 'i1' || id === 'i3'],
      ['id=in=(i2,i4,gone)', ({ id }) => id === 'i2' || id === 'i4'],
      ['id==gone', () => false],
    ];
    it.each(filters)('200 for %s with the items that match', async (filter, matches) => {
      expect(idsOf(await listOf(filter, '&limit=200'))).toEqual(stored.filter(matches).map(({ id }) => id));
    });

    it('200 together with sort, count, deleted and ids, over all pages', async () => {
      const query = `filter=${encodeURIComponent('id!=i4')}&sort=-name&ids=i1,i2,i4,i5,i6,gone&deleted=true`;
      const expected = stored
        .filter(({ id }) => ['i1', 'i2', 'i5', 'i6'].includes(id))
        .map(({ id, name }) => ({ id, name }));
      const sorted = [...expected, { id: 'gone', name: 'gone' }]
        .toSorted((a, b) => -(byCodePoint(a.name, b.name) || byCodePoint(a.id, b.id)))
        .map(({ id }) => id);
      expect(await walk(`/items?${query}&limit=2`)).toEqual(sorted);
      expect((await service.api.get(`/items?${query}&count=true&limit=1`)).expect(200).json.count).toBe(5);
    });

    it.each([
      ['', 0],
      ['colour==red', 0],
      ['\u{1f600}==red', 0],
      ['name==', 6],
      ['name=a', 4],
      ['updatedAt=gt=now', 13],
      ['(name==a', 8],
      [`name==${'x'.repeat(4_091)}`, 4_096],
    ])('400 invalid-filter for %j, with the position %i', async (filter, position) => {
      const refused = (await service.api.get(`/items?filter=${encodeURIComponent(filter)}`)).expect(
        400,
        'invalid-filter',
      );
      expect(refused.json.errors).toMatchObject([{ parameter: 'filter', rule: 'filter', position }]);
      expect(refused.json.detail).toContain(`position ${position}`);
    });

    it('400 invalid-query for a wrong limit beside it, and both before 406', async () => {
      (await service.api.get('/items?filter=x&limit=0', { headers: { accept: 'text/plain' } })).expect(
        400,
        'invalid-query',
      );
      (await service.api.get('/items?filter=x', { headers: { accept: 'text/plain' } })).expect(400, 'invalid-filter');
      (await service.api.get('/items?filter=x&cursor=AAAA')).expect(400, 'invalid-filter');
      (await service.api.get('/items?filter=id==x&cursor=AAAA', { headers: { accept: 'text/plain' } })).expect(
        400,
        'invalid-cursor',
      );
    });

    it('[I9] 304 while nothing that matches changes', async () => {
      const target = `/items?filter=${encodeURIComponent('attributes.deep=ex=false;id==i2')}`;
      const headers = { 'if-none-match': String((await service.api.get(target)).expect(200).headers.etag) };
      (await service.api.put('/items/other', { name: 'x' })).expect(201);
      (await service.api.get(target, { headers })).expect(304);
      (await service.api.delete('/items/other')).expect(204);
    });
  });

  it.each(['%FF', '%C3', '50%', '%', '%ZZ', '%ED%A0%80', 'a%C0%80'])(
    '[I5] 400 for q=%s, which is no percent-encoding of UTF-8',
    async (text) => {
      for (const parameter of ['q', 'filter', 'nope']) {
        const refused = (await service.api.get(`/items?limit=1&${parameter}=${text}`)).expect(400, 'invalid-query');
        expect(refused.json.errors).toContainEqual({
          parameter,
          rule: 'encoding',
          detail: 'Its percent-encoding is not that of UTF-8. A percent sign is %25.',
        });
      }
      (await service.api.get(`/items/i1?${text}`)).expect(400, 'invalid-query');
    },
  );

  describe('cursors', () => {
    const LISTS = [
      'filter=id!%3Dx',
      'sort=name',
      'sort=-id',
      'deleted=true',
      'ids=i1,i2,i3',
      'fields=id',
      'sort=createdAt',
      'sort=-createdAt',
    ];

    it('[I7] 400 for that of any other list', async () => {
      const cursors = new Map<string, string>();
      for (const list of ['', ...LISTS]) {
        cursors.set(list, (await service.api.get(`/items?limit=1&${list}`)).expect(200).json.next as string);
      }
      for (const list of cursors.keys()) {
        for (const [other, cursor] of cursors) {
          const answer = await service.api.get(`/items?limit=1&${list}&cursor=${cursor}`);
          answer.expect(list === other ? 200 : 400, list === other ? undefined : 'invalid-cursor');
        }
      }
    });

    it('[I7] 400 for a forged position', async () => {
      const positions = [
        '',
        'i1',
        '[]',
        '["i1"]',
        '["i1",1]',
        '["i1",null]',
        '["","a"]',
        '["i1","a\\u0000"]',
        '["i1","\\ud800"]',
        '{"id":"i1"}',
        `["i1","${'a'.repeat(401)}"]`,
        '["i1","a","b"]',
      ];
      for (const position of positions) {
        const cursor = encodeCursor('items?[null,null,null,"name",null,"false"]', position);
        (await service.api.get(`/items?sort=name&cursor=${cursor}`)).expect(400, 'invalid-cursor');
      }
      for (const time of ['', '2026', '2026-01-02T03:04:05.678', "2026-01-02T03:04:05.678Z'"]) {
        const cursor = encodeCursor('items?[null,null,null,"createdAt",null,"false"]', JSON.stringify(['i1', time]));
        (await service.api.get(`/items?sort=createdAt&cursor=${cursor}`)).expect(400, 'invalid-cursor');
      }
      const sound = encodeCursor('items?[null,null,null,"name",null,"false"]', '["i1","a"]');
      (await service.api.get(`/items?sort=name&cursor=${sound}`)).expect(200);
    });
  });

  it('[I2] Link keeps every parameter', async () => {
    const query = 'limit=1&ids=i1,i2&sort=-name&fields=id&deleted=true&count=true';
    const page = (await service.api.get(`/items?${query}`)).expect(200);
    expect(page.headers.link).toBe(
      `</items?${query}&cursor=${page.json.next}>; rel="next", </items?${query}>; rel="first"`,
    );
  });

  it('[I5] 400 names the parameters that there are', async () => {
    const refused = (await service.api.get('/items?filters=x')).expect(400, 'invalid-query');
    expect(refused.json.detail).toContain('limit, cursor, filter, q, ids, sort, fields, deleted, count.');
  });
});
