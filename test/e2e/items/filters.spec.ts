import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { passes } from '../../support/filters/filter-model.js';
import { byFilter, matchesOf } from '../../support/filters/matches.js';
import { createNastyItems, type ShownItem } from '../../support/filters/nasty-items.js';
import { filterMaker } from '../../support/filters/random-filters.js';
import { commandCount, SEED, seededRandom } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const COUNT = commandCount(sized(800, 8_000));

/** Filters in one statement. */
const TOGETHER = 50;

let service: TestApp;
const random = seededRandom(SEED);

describe('filters of random shape', () => {
  let items: ShownItem[];
  beforeAll(async () => {
    service = await startTestApp();
    items = (await createNastyItems(service, 200, random)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  });
  afterAll(() => service?.close());

  it(`${COUNT} match what an evaluation in memory does (seed ${SEED})`, async () => {
    const make = filterMaker(items, random);
    let selective = 0;
    for (let done = 0; done < COUNT; done += TOGETHER) {
      const cases = Array.from({ length: TOGETHER }, make);
      const expected = cases.map(({ filter }) => items.filter((item) => passes(item, filter)).map(({ id }) => id));
      const found = await matchesOf(
        service,
        cases.map(({ text }) => byFilter(text)),
      );
      const named = (lists: string[][]) => lists.map((ids, n) => [cases[n]?.text, ids]);
      expect(named(found)).toEqual(named(expected));
      selective += expected.filter((ids) => ids.length > 0 && ids.length < items.length).length;
    }
    // Not only filters that match all or nothing.
    expect(selective / COUNT).toBeGreaterThan(1 / 3);
  });

  it('tell long texts apart that begin alike', async () => {
    const long = { a: 'x'.repeat(300), b: `${'x'.repeat(299)}y`, c: 'x'.repeat(254), d: 'x'.repeat(255) };
    for (const [id, text] of Object.entries(long)) {
      (await service.api.post('/items', { id: `long-${id}`, name: 'x', attributes: { like: text } })).expect(201);
    }
    const filters = [
      `attributes.like==${long.a}`,
      `attributes.like=in=(${long.b},${long.d})`,
      `attributes.like==${'x'.repeat(290)}*`,
      `attributes.like==${'x'.repeat(280)}y*`,
      `attributes.like==${'x'.repeat(255)}*`,
      `attributes.like==${long.c}*`,
    ];
    const found = await matchesOf(service, filters.map(byFilter));
    expect(found.map((ids) => ids.join(' ').replaceAll('long-', ''))).toEqual([
      'a',
      'b d',
      'a b',
      '',
      'a b d',
      'a b c d',
    ]);
  });
});
