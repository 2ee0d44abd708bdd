import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '../../../src/http/fields/cursor.js';
import type { Answer } from '../../support/answer.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const idsOf = (page: Answer): string[] => page.json.items.map(({ id }: { id: string }) => id);
/** The reference with rel="next" in a Link field. */
const nextOf = (page: Answer) => /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1];

describe('GET /items', () => {
  it('[I1] [I3] 200 with an empty list if there are no items', async () => {
    const service = await startTestApp();
    const page = (await service.api.get('/items')).expect(200);
    proves('I1');
    expect(page.json).toEqual({ items: [], next: null });
    proves('I3');
    expect(page.headers).toMatchObject({
      link: '</items?limit=20>; rel="first"',
      'cache-control': 'private, no-cache',
    });
    await service.close();
  });
});

describe('GET /items', () => {
  it('[I1] 200 with each item exactly as its own URL gives it', async () => {
    const service = await startTestApp();
    const attributes = {
      b: [1e21, 0.1, -1, null, '"\\\u2028\u0001é😀'],
      a: { constructor: {}, '': [[]] },
      '2': 1,
      '1': true,
    };
    const contents = [
      { name: 'x' },
      { name: '"é😀', description: '', attributes },
      { name: 'y', description: 'a\nb', attributes },
    ];
    const texts: string[] = [];
    for (const [n, content] of contents.entries()) {
      (await service.api.put(`/items/${n}`, content)).expect(201);
      texts.push((await service.api.get(`/items/${n}`)).expect(200).text);
    }
    const page = (await service.api.get('/items')).expect(200);
    expect(page.text).toBe(`{"items":[${texts.join(',')}],"next":null}`);
    expect(page.headers['content-type']).toBe('application/json; charset=utf-8');
    await service.close();
  });
});

describe('GET /items with 45 items', () => {
  // By code point, which no locale sorts like this.
  const ORDERED = [
    '0',
    '1',
    '10',
    '2',
    'A',
    'B',
    'Z',
    'a',
    'a-b',
    'a.b',
    'a0',
    'a:b',
    'aA',
    'aB',
    'a_b',
    'aa',
    'a~b',
    'b',
  ];
  const numbered = Array.from({ length: 45 - ORDERED.length }, (_, n) => `n${String(n).padStart(3, '0')}`);
  const all = [...ORDERED, ...numbered];
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    for (const id of all.toReversed()) (await service.api.post('/items', { id, name: 'x' })).expect(201);
    (await service.api.post('/items', { id: 'deleted', name: 'x' })).expect(201);
    (await service.api.delete('/items/deleted')).expect(204);
  });
  afterAll(() => service?.close());

  /** Every page from the first on, by rel="next"; `between` runs after each. */
  async function walk(first: string, between: (page: Answer) => Promise<void> = async () => {}): Promise<Answer[]> {
    const pages: Answer[] = [];
    for (let target: string | undefined = first; target !== undefined; target = nextOf(pages.at(-1) as Answer)) {
      pages.push((await service.api.get(target)).expect(200));
      await between(pages.at(-1) as Answer);
    }
    return pages;
  }

  it('200 with the first 20 by code point of the id, and items as GET gives them', async () => {
    const page = (await service.api.get('/items')).expect(200);
    expect(idsOf(page)).toEqual(all.slice(0, 20));
    expect(page.json.items[0]).toEqual((await service.api.get('/items/0')).expect(200).json);
  });

  it.each([1, 7, 15, 44, 45, 46, 200])('200 for every page of %i, with all items once and in order', async (limit) => {
    const pages = await walk(`/items?limit=${limit}`);
    expect(pages.flatMap(idsOf)).toEqual(all);
    expect(pages.map((page) => page.json.items.length)).toEqual(
      Array.from({ length: Math.ceil(45 / limit) }, (_, n) => Math.min(limit, 45 - n * limit)),
    );
  });

  it('[I2] [I3] Link names next, with the parameters kept, and first; the last page has no next', async () => {
    const pages = await walk('/items?limit=20');
    const links = pages.map(({ headers }) => headers.link);
    const cursors = pages.map(({ json }) => json.next as string | null);
    proves('I2');
    expect(links.slice(0, -1)).toEqual([
      `</items?limit=20&cursor=${cursors[0]}>; rel="next", </items?limit=20>; rel="first"`,
      `</items?limit=20&cursor=${cursors[1]}>; rel="next", </items?limit=20>; rel="first"`,
    ]);
    proves('I3');
    expect(cursors).toEqual([expect.any(String), expect.any(String), null]);
    expect(links.at(-1)).toBe('</items?limit=20>; rel="first"');
  });

  it('[I2] Link is not built from Host', async () => {
    const page = (await service.api.get('/items?limit=1', { headers: { host: 'evil.localhost' } })).expect(200);
    expect(page.headers.link).not.toContain('evil');
  });

  it('a cursor works with another limit', async () => {
    const { next } = (await service.api.get('/items?limit=5')).expect(200).json;
    expect(idsOf((await service.api.get(`/items?cursor=${next}&limit=3`)).expect(200))).toEqual(all.slice(5, 8));
  });

  it('[I4] a walk meets every item that stayed once, while others are created and deleted', async () => {
    const pages = await walk('/items?limit=6', async (page) => {
      const last = idsOf(page).at(-1) ?? '';
      for (const id of [`0-before-${last}`, `${last}~after`]) await service.api.put(`/items/${id}`, { name: 'x' });
      if (!all.includes(last)) (await service.api.delete(`/items/${last}`)).expect(204);
    });
    const met = pages.flatMap(idsOf);
    expect(met.filter((id) => all.includes(id))).toEqual(all);
    expect(new Set(met).size).toBe(met.length);
    const strangers = (await walk('/items?limit=200')).flatMap(idsOf).filter((id) => !all.includes(id));
    for (const id of strangers) (await service.api.delete(`/items/${id}`)).expect(204);
    expect(strangers.length).toBeGreaterThan(0);
  });

  it('[I4] a cursor still works after its item is deleted', async () => {
    (await service.api.put('/items/00', { name: 'x' })).expect(201);
    const { next } = (await service.api.get('/items?limit=2')).expect(200).json;
    (await service.api.delete('/items/00')).expect(204);
    expect(idsOf((await service.api.get(`/items?limit=2&cursor=${next}`)).expect(200))).toEqual(['1', '10']);
  });

  it.each(['', '0', '-1', '201', '1000', 'ten', '1.5', '1e1', '0x1', '%205', '5%20', '99999999999999999999', 'NaN'])(
    '[I6] 400 for limit=%s',
    async (limit) => {
      const refused = (await service.api.get(`/items?limit=${limit}`)).expect(400, 'invalid-query');
      expect(refused.json.errors).toEqual([
        { parameter: 'limit', rule: 'integer', detail: 'limit must be a whole number from 1 to 200, in digits.' },
      ]);
    },
  );

  it.each(['1', '200', '007', '000000000000000007'])('[I6] 200 for limit=%s', async (limit) => {
    const page = (await service.api.get(`/items?limit=${limit}`)).expect(200);
    expect(idsOf(page)).toEqual(all.slice(0, Number(limit)));
  });

  it.each(['', 'x', 'AAAAAAAA', 'n000', '%00', 'a'.repeat(5_000)])('[I7] 400 for cursor=%s', async (cursor) => {
    const refused = (await service.api.get(`/items?cursor=${cursor}`)).expect(400, 'invalid-cursor');
    expect(refused.json.errors).toMatchObject([{ parameter: 'cursor', rule: 'cursor' }]);
  });

  it('[I7] 400 for a cursor with one character changed', async () => {
    const { next } = (await service.api.get('/items?limit=1')).expect(200).json;
    const damaged = `${next.slice(0, -1)}${next.endsWith('A') ? 'B' : 'A'}`;
    (await service.api.get(`/items?cursor=${damaged}`)).expect(400, 'invalid-cursor');
  });

  it.each(['\0', 'a\0b', '', 'é', "' OR 1", 'x'.repeat(2_000)])(
    '[I7] 400 for a forged cursor of %j',
    async (position) => {
      (await service.api.get(`/items?cursor=${encodeCursor('items', position)}`)).expect(400, 'invalid-cursor');
    },
  );

  it('400 names what is wrong with every parameter at once', async () => {
    const refused = (await service.api.get('/items?limit=0&x=1')).expect(400, 'invalid-query');
    expect(refused.json.errors).toMatchObject([{ parameter: 'limit' }, { parameter: 'x' }]);
  });

  it('[I10] 400 for a parameter given twice', async () => {
    for (const query of ['limit=5&limit=5', 'cursor=a&cursor=b', 'limit=5&cursor=x&limit=6', 'limit=5&%6cimit=5']) {
      const refused = (await service.api.get(`/items?${query}`)).expect(400, 'invalid-query');
      expect(refused.json.errors).toMatchObject([{ rule: 'repeated' }]);
    }
  });

  it.each(['Limit', 'offset', '__proto__', 'constructor', 'limit[]', 'limit.gt', ''])(
    '[I5] 400 names the unknown parameter %j',
    async (name) => {
      const refused = (await service.api.get(`/items?${encodeURIComponent(name)}=1`)).expect(400, 'invalid-query');
      expect(refused.json.errors).toMatchObject([{ parameter: name, rule: 'unknown' }]);
    },
  );

  it('[I5] [I10] 400 names every wrong parameter at once', async () => {
    const refused = (await service.api.get('/items?b=1&limit=1&limit=2&a=1')).expect(400, 'invalid-query');
    proves('I5');
    expect(refused.json.errors).toMatchObject([{ parameter: 'b' }, {}, { parameter: 'a' }]);
    proves('I10');
    expect(refused.json.errors[1].parameter).toBe('limit');
  });

  it('[B15] [B16] HEAD has the status and header fields of GET, without a body', async () => {
    const get = (await service.api.get('/items?limit=3')).expect(200);
    const head = (await service.api.call('HEAD', '/items?limit=3')).expect(200);
    const { date: _1, 'x-request-id': _2, ...fields } = get.headers;
    proves('B15');
    expect(head.headers).toMatchObject(fields);
    expect(head.content).toHaveLength(0);
    (await service.api.call('HEAD', '/items?limit=0')).expect(400);
    proves('B16');
    expect(head.headers['content-length']).toBe(String(get.content.length));
  });

  it('[B21] 400 with a body', async () => {
    (await service.api.get('/items', { json: {} })).expect(400, 'unexpected-content');
  });
});
