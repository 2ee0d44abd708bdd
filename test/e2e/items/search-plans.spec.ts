import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byFilter, byWords, INDEX_OF_TERMS, planOf, refreshStatistics } from '../../support/filters/matches.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;

beforeAll(async () => {
  service = await startTestApp();
  // So many that an index is worth it, and with statistics, without which PostgreSQL guesses.
  const create = async (from: number) => {
    for (let n = from; n < 3_000; n += 50) {
      const item = { id: `item-${n}`, name: `name-${n}`, description: `number${n}`, tags: [`tag-${n}`] };
      (await service.api.post('/items', item)).expect(201);
    }
  };
  await Promise.all(Array.from({ length: 50 }, (_, n) => create(n)));
  await refreshStatistics(service);
});
afterAll(() => service?.close());

/** Shows that all items are read. */
const WHOLE_TABLE = /^SCAN items$|Seq Scan on items/m;

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
    expect(plan).not.toMatch(WHOLE_TABLE);
  });
});
