import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attributeIndexesOf } from '../../../src/items/store/indexes/attribute-index.js';
import { engine } from '../../support/database/engine.js';
import { indexesOf, isMade, makeIndexes } from '../../support/database/indexes.js';
import { passes } from '../../support/filters/filter-model.js';
import { createNastyItems, NASTY_NAMES, type ShownItem } from '../../support/filters/nasty-items.js';
import { filterMaker } from '../../support/filters/random-filters.js';
import { proves } from '../../support/proof.js';
import { commandCount, SEED, seededRandom } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** The names that items have at the top, half of which get their indexes before the first item. */
const FIRST = NASTY_NAMES.slice(0, 4).map((name) => [name]);
const LATER = NASTY_NAMES.slice(4, 8).map((name) => [name]);

const FILTERS = commandCount(sized(100, 300));

let service: TestApp;
const random = seededRandom(SEED);

beforeAll(async () => {
  service = await startTestApp({ indexedAttributes: [...FIRST, ['like'], ['like', 'deeper']] });
  for (const path of [...FIRST, ['like'], ['like', 'deeper']]) await isMade(service, path);
});
afterAll(() => service?.close());

const found = async (filter: string) => {
  const target = `/items?limit=200&fields=id&filter=${encodeURIComponent(filter)}`;
  return (await service.api.get(target)).expect(200).json.items as { id: string }[];
};

describe('filters on indexed attributes', () => {
  let items: ShownItem[];
  beforeAll(async () => {
    items = (await createNastyItems(service, 120, random)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    await makeIndexes(service, LATER);
  });

  it(`[I56] 200 with the items that match, ${FILTERS} random filters (seed ${SEED})`, async () => {
    const make = filterMaker(items, random);
    for (let n = 0; n < FILTERS; n += 1) {
      const { filter, text } = make();
      const ids = (await found(text)).map(({ id }) => id);
      expect([text, ids]).toEqual([text, items.filter((item) => passes(item, filter)).map(({ id }) => id)]);
    }
  });

  it('[I56] have the indexes of both kinds for each attribute', async () => {
    const made = (await indexesOf(service)).map(({ name }) => name);
    for (const path of [...FIRST, ...LATER]) {
      expect(made).toEqual(expect.arrayContaining(attributeIndexesOf(path, engine).map(({ name }) => name)));
    }
  });
});

describe('changes of indexed attributes', () => {
  it.each([
    ['a long text', 'x'.repeat(16_000)],
    ['a long text of escapes', '\u0001'.repeat(2_000)],
    ['a long text of four bytes each', '\u{1F600}'.repeat(4_000)],
    ['a large object', { deeper: Array.from({ length: 2_000 }, (_, n) => n) }],
    ['a long list', Array.from({ length: 5_000 }, () => 1)],
    ['the largest number', Number.MAX_VALUE],
    ['the smallest number', 5e-324],
    ['nothing', null],
  ])('[I57] 201, 200 and 204 with %s', async (name, like) => {
    const id = `large-${name.replaceAll(' ', '-')}`;
    proves('I57');
    (await service.api.post('/items', { id, name, attributes: { like } })).expect(201);
    expect(await found(`id==${id};attributes.like=ex=true`)).toEqual([{ id }]);
    (await service.api.put(`/items/${id}`, { name, attributes: { like: 'short' } })).expect(200);
    expect(await found('attributes.like==short')).toEqual([{ id }]);
    (await service.api.put(`/items/${id}`, { name, attributes: { like } })).expect(200);
    expect(await found('attributes.like==short')).toEqual([]);
    (await service.api.delete(`/items/${id}`)).expect(204);
  });
});
