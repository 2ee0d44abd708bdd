import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encodeCursor } from '../../../src/http/fields/cursor.js';
import { ATTRIBUTES_MAX_BYTES, TAG_MAX, TAGS_MAX } from '../../../src/items/store/item.limits.js';
import { PAGE_MAX_BYTES } from '../../../src/items/store/list/page.statements.js';
import { ItemLists } from '../../../src/items/store/list/item-lists.js';
import type { Answer } from '../../support/answer.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const idsOf = (page: Answer): string[] => page.json.items.map(({ id }: { id: string }) => id);

/** The largest possible item: each control character has six bytes in JSON. */
const LARGEST = {
  name: '\u0001'.repeat(200),
  description: '\u0001'.repeat(2_000),
  tags: Array.from({ length: TAGS_MAX }, (_, n) => `\u0001`.repeat(TAG_MAX - 1) + String.fromCodePoint(0x100 + n)),
  attributes: { text: 'é'.repeat((ATTRIBUTES_MAX_BYTES - '{"text":""}'.length - 1) / 2) },
};
const IDS = Array.from({ length: 50 }, (_, n) => `large-${String(n).padStart(3, '0')}-`.padEnd(128, 'x'));

describe('GET /items with the largest items', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    await Promise.all(IDS.map(async (id) => (await service.api.put(`/items/${id}`, LARGEST)).expect(201)));
    (await service.api.put('/items/a-small-one', { name: 'x' })).expect(201);
  });
  afterAll(() => service.close());

  it('[I12] 200 with as many as 1 MiB takes, and the rest on the next pages', async () => {
    const pages: Answer[] = [];
    for (let target = '/items?limit=200'; target !== '';) {
      const page = (await service.api.get(target)).expect(200);
      pages.push(page);
      const next = /<([^>]*)>; rel="next"/.exec(String(page.headers.link))?.[1] ?? '';
      expect(next).toBe(page.json.next === null ? '' : `/items?limit=200&cursor=${page.json.next}`);
      target = next;
    }
    expect(pages.flatMap(idsOf)).toEqual(['a-small-one', ...IDS]);
    const largest = Buffer.byteLength(JSON.stringify((await service.api.get(`/items/${IDS[0]}`)).expect(200).json));
    expect(pages.length).toBeGreaterThan(2);
    for (const { content } of pages) expect(content.length).toBeLessThanOrEqual(PAGE_MAX_BYTES);
    // No page ends while another item would fit.
    for (const { content } of pages.slice(0, -1)) {
      expect(content.length).toBeGreaterThan(PAGE_MAX_BYTES - largest - 5_000);
    }
  });

  it('[I12] the limit counts if it is reached first', async () => {
    expect(idsOf((await service.api.get('/items?limit=3')).expect(200))).toHaveLength(3);
  });

  it('[I8] a cursor from a release without this bound still works', async () => {
    const page = (await service.api.get(`/items?limit=200&cursor=${encodeCursor('items', IDS[40] ?? '')}`)).expect(200);
    expect(idsOf(page)).toEqual(IDS.slice(41));
    expect(page.json.next).toBe(null);
  });

  it('[I9] [I12] 304 for a page that ends early, without reading its items', async () => {
    const whole = (await service.api.get('/items?limit=200')).expect(200);
    const findPage = jest.spyOn(service.app.get(ItemLists), 'findPage');
    const headers = { 'if-none-match': whole.headers.etag ?? '' };
    proves('I9');
    const same = (await service.api.get('/items?limit=200', { headers })).expect(304);
    expect(same.headers.etag).toBe(whole.headers.etag);
    expect(findPage).not.toHaveBeenCalled();
    (await service.api.put(`/items/${IDS[10]}`, { name: 'small' })).expect(200);
    const changed = (await service.api.get('/items?limit=200', { headers })).expect(200);
    expect(changed.headers.etag).not.toBe(whole.headers.etag);
    proves('I12');
    expect(idsOf(changed).length).toBe(idsOf(whole).length + 1);
    findPage.mockRestore();
  });
});
