import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readListRequest } from '../../../src/items/contract/list-request.js';
import { ListItemsDto } from '../../../src/items/dto/list-items.dto.js';
import { plainPageStatement } from '../../../src/items/store/list/plain-page.statement.js';
import { SORTS } from '../../../src/items/store/list/sort.js';
import { engine } from '../../support/database/engine.js';
import { makeIndexes } from '../../support/database/indexes.js';
import {
  byFilter,
  byWords,
  INDEX_OF_TERMS,
  planOf,
  planOfStatement,
  refreshStatistics,
} from '../../support/filters/matches.js';
import { putItems, type PutItem } from '../../support/filters/put-items.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;

beforeAll(async () => {
  service = await startTestApp();
  // So many that an index is worth it, and with statistics, without which PostgreSQL guesses.
  await putItems(
    service,
    Array.from({ length: 3_000 }, (_, n) => itemOf(n)),
  );
  await refreshStatistics(service);
});
afterAll(() => service?.close());

function itemOf(n: number): PutItem {
  const attributes = { 'a "b".c': { "it's": n } };
  // Fifty at a time.
  const at = new Date(Date.UTC(2026, 0, 1) + (n - (n % 50)) * 1_000).toISOString();
  return { id: `item-${n}`, name: `name-${n}`, description: `number${n}`, tags: [`tag-${n}`], attributes, at };
}

/** Shows that all items are read, if need be in the order of an index. */
const ALL_ITEMS = /^SCAN items\b|Seq Scan on items/m;

/** Shows that they are read without an index. */
const WHOLE_TABLE = /^SCAN items$|Seq Scan on items/m;

/** Shows that items are sorted, and so that all of them are read. */
const SORTED = /TEMP B-TREE|Sort/;

describe('the plan of pages that are read together', () => {
  const INDEXES = {
    id: /sqlite_autoindex_items_1|PK_\w+/,
    name: /items_name_id/,
    createdAt: /items_created_at_id/,
    updatedAt: /items_updated_at_id/,
  };

  it.each([...SORTS])('sort=%s: by the index of the order, from where each begins', async (name, sort) => {
    const { query } = readListRequest(Object.assign(new ListItemsDto(), { sort: name }));
    const value = sort.member === 'id' ? {} : { value: '2026-01-01T00:10:00.000Z' };
    for (const after of [undefined, { id: 'item-1500', ...value }]) {
      const { text, element, values } = plainPageStatement({ ...query, after }, 'items', engine);
      const plan = await planOfStatement(service, text, [JSON.stringify([element, element]), ...values]);
      expect(plan).toMatch(INDEXES[sort.member]);
      expect(plan).not.toMatch(WHOLE_TABLE);
      expect(plan).not.toMatch(SORTED);
      expect(plan).toMatch(after ? /SEARCH items|Index Cond/ : /SCAN items USING|Index Scan/);
    }
  });
});

describe('the plan of a list', () => {
  it.each([
    ['a word', byWords('number1234')],
    ['the beginning of a word', byWords('number123')],
    ['a tag', byFilter('tags==tag-1234')],
    ['one of some tags', byFilter('tags=in=(tag-1,tag-2)')],
    ['the beginning of a tag', byFilter('tags==tag-123*')],
  ])('by %s uses the index of terms', async (_, condition) => {
    const plan = await planOf(service, condition);
    expect(plan).toMatch(INDEX_OF_TERMS);
    expect(plan).not.toMatch(ALL_ITEMS);
  });

  it.each([
    ['the beginning of a name', byFilter('name==name-123*'), /items_name_id/],
    ['a name', byFilter('name==name-123'), /items_name_id/],
    ['some names', byFilter('name=in=(name-123,name-124)'), /items_name_id/],
    [
      'a short time',
      byFilter('createdAt=ge=2026-01-01T00:10:00Z;createdAt=lt=2026-01-01T00:10:49Z'),
      /items_created_at_id/,
    ],
    ['the last changes', byFilter('updatedAt=gt=2026-01-01T00:49:09Z'), /items_updated_at_id/],
    ['some ids', byFilter('id=in=(item-1,item-2)'), /sqlite_autoindex_items_1|PK_\w+/],
    ['the beginning of an id', byFilter('id==item-12*'), /sqlite_autoindex_items_1|PK_\w+/],
    ['what was created early', byFilter('createdAt=le=2026-01-01T00:00:49Z'), /items_created_at_id/],
  ])('by %s uses an index', async (_, condition, index) => {
    const plan = await planOf(service, condition);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(ALL_ITEMS);
  });

  it('shows when all items are read', async () => {
    expect(await planOf(service, byFilter('description==*x'), 'description')).toMatch(ALL_ITEMS);
  });

  it('by an attribute uses indexes on the expressions for them', async () => {
    await makeIndexes(service, [['a "b".c', "it's"]]);
    const selector = `attributes."a \\"b\\".c"."it's"`;
    const plans = {
      '==10': 'json',
      '=="10"': 'json',
      '==null': 'json',
      '=in=(1,x)': 'json',
      '==x*': 'json',
      '=gt=2990': 'number',
      '=le=10': 'number',
      [`=ge=100;${selector}=lt=110`]: 'number',
    };
    for (const [test, kind] of Object.entries(plans)) {
      const plan = await planOf(service, byFilter(selector + test));
      expect([test, /items_attribute_\w+_(json|number)/.exec(plan)?.[1]]).toEqual([test, kind]);
      expect(plan).not.toMatch(ALL_ITEMS);
    }
  });
});
