import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wordsOf } from '../../../src/items/search/words.js';
import { eraseTerms } from '../../support/database/erased-terms.js';
import { byFilter, byWords, matchesOf } from '../../support/filters/matches.js';
import { createNastyItems, picker, type ShownItem } from '../../support/filters/nasty-items.js';
import { commandCount, SEED, seededRandom } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

let service: TestApp;
let items: ShownItem[];
const random = seededRandom(SEED);

beforeAll(async () => {
  service = await startTestApp();
  items = (await createNastyItems(service, 100, random)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
});
afterAll(() => service?.close());

const find = async (q: string, isWithDeleted?: boolean) => (await matchesOf(service, [byWords(q)], isWithDeleted))[0];

describe('the words of q', () => {
  it(`${commandCount(500)} random ones find what an evaluation in memory does (seed ${SEED})`, async () => {
    const { below, pick } = picker(random);
    const textOf = ({ name, description, tags }: ShownItem) => [name, description ?? '', ...tags].join(' ');
    const beginning = () => {
      const word = Array.from(pick(wordsOf(textOf(pick(items))).concat('none')));
      return pick([word, word.slice(0, 1 + below(word.length))]).join('');
    };
    const searches = Array.from({ length: commandCount(500) }, () => {
      return Array.from({ length: 1 + below(3) }, beginning)
        .map((word) => pick([word, word.toUpperCase()]))
        .join(pick([' ', '-']));
    });
    const passes = (item: ShownItem, q: string) => {
      const words = wordsOf(textOf(item));
      return wordsOf(q).every((wanted) => words.some((word) => word.startsWith(wanted)));
    };
    const expected = searches.map((q) => [q, items.filter((item) => passes(item, q)).map(({ id }) => id)]);
    const found = await matchesOf(service, searches.map(byWords));
    expect(searches.map((q, n) => [q, found[n]])).toEqual(expected);
    expect(expected.filter(([, ids]) => ids?.length).length).toBeGreaterThan(searches.length / 5);
  });

  it('all must begin a word: of the name, the description or a tag', async () => {
    const item = {
      id: 'all',
      name: 'Sechskantschraube M8',
      description: 'Stra\u00dfe nach \u00c5land',
      tags: ['din-933', 'r\u00f6t'],
    };
    (await service.api.post('/items', { ...item, attributes: { colour: 'hidden' } })).expect(201);
    for (const q of ['sechskant', 'M8 STRASSE', 'aland 933', 'ROT, din!', 'stra\u1e9ee'])
      expect(await find(q)).toContain('all');
    for (const q of ['kantschraube', 'm8 oslo', 'hidden', 'colour', 'din933'])
      expect(await find(q)).not.toContain('all');
  });

  it('are those of the current state, also after many changes in one write', async () => {
    await Promise.all(
      ['first', 'second', 'third'].map((word) => service.api.put('/items/changing', { name: `q${word}` })),
    );
    const { json } = (await service.api.get('/items/changing')).expect(200);
    expect(json.version).toBe(3);
    const found = await matchesOf(service, ['qfirst', 'qsecond', 'qthird'].map(byWords));
    expect(found.map((ids) => ids.length)).toEqual(
      ['qfirst', 'qsecond', 'qthird'].map((name) => (json.name === name ? 1 : 0)),
    );
  });

  it('find a deleted item among those that are deleted, and an item that was created again by its new words', async () => {
    (await service.api.post('/items', { id: 'gone', name: 'qgone', tags: ['qtag'] })).expect(201);
    (await service.api.delete('/items/gone')).expect(204);
    expect(await find('qgone')).toEqual([]);
    expect(await find('qgone', true)).toEqual(['gone']);
    expect(await matchesOf(service, [byFilter('tags==qtag')], true)).toEqual([['gone']]);
    (await service.api.post('/items', { id: 'gone', name: 'qagain' })).expect(201);
    expect(
      await matchesOf(service, [byWords('qgone'), byWords('qtag'), byWords('qagain'), byFilter('tags==qtag')], true),
    ).toEqual([[], [], ['gone'], []]);
  });

  it('stay, or follow the tags, after changes of other members', async () => {
    const item = { id: 'steady', name: 'qsteady', tags: ['qx,qy'] };
    (await service.api.post('/items', item)).expect(201);
    (await service.api.put('/items/steady', { ...item, attributes: { size: 2 } })).expect(200);
    const filters = [byWords('qsteady'), byFilter('tags=="qx,qy"'), byFilter('tags==qy')];
    expect(await matchesOf(service, filters)).toEqual([['steady'], ['steady'], []]);
    (await service.api.put('/items/steady', { ...item, tags: ['qx', 'qy'] })).expect(200);
    expect(await matchesOf(service, filters)).toEqual([['steady'], [], ['steady']]);
    (await service.api.put('/items/steady', { ...item, tags: [], description: 'qnew' })).expect(200);
    expect(await matchesOf(service, [...filters, byWords('qnew')])).toEqual([['steady'], [], [], ['steady']]);
  });

  it('are written again with an item that is created again after an operator erased them', async () => {
    const item = { id: 'erased', name: 'qerased' };
    (await service.api.post('/items', item)).expect(201);
    (await service.api.delete('/items/erased')).expect(204);
    await eraseTerms(service, 'erased');
    expect(await find('qerased', true)).toEqual([]);
    (await service.api.post('/items', item)).expect(201);
    expect(await find('qerased')).toEqual(['erased']);
  });

  it('do not find an item by a term that stands for a tag as a whole', async () => {
    expect(wordsOf('\uE000steel \uE001')).toEqual(['steel']);
    (await service.api.post('/items', { id: 'tagged', name: 'x', tags: ['q Tag', '\uE001', '\uE000'] })).expect(201);
    const filters = [
      'tags=="q Tag"',
      'tags=="q T*"',
      'tags=="q t*"',
      'tags==\uE001',
      'tags==\uE000',
      'tags==\uE000*',
      'tags==q',
    ];
    const found = await matchesOf(service, filters.map(byFilter));
    expect(found.map((ids) => ids.includes('tagged'))).toEqual([true, true, false, true, true, true, false]);
  });

  it('1,000 tags may be asked for at once', async () => {
    const names = Array.from({ length: 1_000 }, (_, n) => n.toString(36));
    (await service.api.post('/items', { id: 'last', name: 'x', tags: [names.at(-1)] })).expect(201);
    expect((await matchesOf(service, [byFilter(`tags=in=(${names.join(',')})`)]))[0]).toContain('last');
  });
});
