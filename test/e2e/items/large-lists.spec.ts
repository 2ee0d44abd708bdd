import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SORTS } from '../../../src/items/store/list/sort.js';
import { describeOnServer } from '../../support/database/engine.js';
import { planOfPage, rowsReadFor } from '../../support/filters/list-plans.js';
import { idOf, MANY, newTermsKb, putManyItems } from '../../support/filters/many-items.js';
import { INDEX_OF_TERMS, refreshStatistics } from '../../support/filters/matches.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
/** Of new terms, once all were put in. */
let leftKb: number;

beforeAll(async () => {
  service = await startTestApp();
  await putManyItems(service);
  leftKb = await newTermsKb(service);
  await refreshStatistics(service);
});
afterAll(() => service?.close());

const SORT_NAMES = [...SORTS.keys()];

/** Shows that all items are read, or sorted. */
const WHOLE_TABLE = /^SCAN items$|Seq Scan on item/m;
const SORTED = /Sort|TEMP B-TREE FOR ORDER BY/;

/** As many rows as a page of 20 may read: a few of those of the first ten pages, each with its terms, and the page itself. */
const FEW_ROWS = 600;

describe('a page of many items', () => {
  it.each(SORT_NAMES)('sort=%s reads the items in the order of an index', async (sort) => {
    const plan = await planOfPage(service, { sort });
    expect(plan).not.toMatch(SORTED);
    expect(plan).not.toMatch(WHOLE_TABLE);
  });

  it('by ids uses the index of ids', async () => {
    const plan = await planOfPage(service, { ids: [idOf(1), idOf(2)] });
    expect(plan).toMatch(/sqlite_autoindex_items_1|PK_\w+/);
    expect(plan).not.toMatch(WHOLE_TABLE);
  });

  describe.each(SORT_NAMES)('sort=%s', (sort) => {
    it.each([
      { q: 'scarce' },
      { q: 'scar' },
      { filter: 'tags==scarce' },
      { filter: 'tags==scarce,tags==none' },
      { q: 'none' },
    ])('%j, which few have, uses the index of terms', async (list) => {
      const plan = await planOfPage(service, { ...list, sort });
      expect(plan).toMatch(INDEX_OF_TERMS);
      expect(plan).not.toMatch(WHOLE_TABLE);
    });
  });
});

describeOnServer('a page of many items on a server', () => {
  describe.each(SORT_NAMES)('sort=%s', (sort) => {
    it.each([
      { q: 'scarce' },
      { filter: 'tags==scarce' },
      { q: 'scarce', filter: 'name==name-1*' },
      { q: 'none' },
      { q: 'half' },
      { filter: 'tags==half' },
      { q: 'common' },
      { q: 'common', filter: 'tags==half' },
    ])('%j reads few rows', async (list) => {
      expect(await rowsReadFor(service, { ...list, sort })).toBeLessThan(FEW_ROWS);
    });
  });

  it('has at most 1 MB of new terms that each search reads', () => {
    expect(leftKb).toBeGreaterThan(0);
    expect(leftKb).toBeLessThanOrEqual(1_032);
  });

  it('sees when all rows are read', async () => {
    expect(await rowsReadFor(service, { filter: 'description==*x' })).toBeGreaterThanOrEqual(MANY);
  });
});

describe('all pages of a list of many items', () => {
  it.each<[list: string, first: number, step: number]>([
    ['q=scarce&limit=10', MANY - 20, 1],
    ['filter=tags==scarce&limit=100', MANY - 20, 1],
    ['q=late&limit=200', MANY - 1_500, 1],
    ['q=late&filter=tags==half&limit=200', MANY - 1_500, 2],
    ['q=late&filter=tags==half;name=ge=name-119900&limit=20', MANY - 100, 2],
    ['q=half&filter=id=ge=item-119000&limit=200', MANY - 1_000, 2],
    ['q=none', MANY, 1],
  ])('%s has each match once, in every order, and counts them', async (list, first, step) => {
    const expected = Array.from({ length: (MANY - first) / step }, (_, n) => idOf(first + n * step));
    for (const sort of SORT_NAMES) {
      const wanted = sort.startsWith('-') ? expected.toReversed() : expected;
      const seen: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const cursor = next === '' ? '' : `&cursor=${next}`;
        const target = `/items?${list}&sort=${sort}&count=true&fields=id${cursor}`;
        const page = (await service.api.get(target)).expect(200).json as Page;
        expect(page.count).toBe(expected.length);
        seen.push(...page.items.map(({ id }) => id));
        next = page.next;
      }
      expect(seen).toEqual(wanted);
    }
  });
});

interface Page {
  items: { id: string }[];
  next: string | null;
  count: number;
}
