import { describe, expect, it } from '@jest/globals';
import { decideAll, type Job } from '../jobs.rules.js';
import type { Item } from './item.entity.js';
import { contentOf } from './item.members.js';
import { atOnce } from './in-slices.js';
import { arraysOf, objectsOf } from './written-rows.js';

const NOW = '2026-11-22T10:00:00.000Z';
const EARLIER = '2026-11-21T10:00:00.000Z';

const itemOf = (id: string, more: Partial<Item> = {}): Item => ({
  id,
  ...contentOf({ name: 'Bolt M8', tags: ['steel'] }),
  version: 3,
  revision: '00000000',
  createdAt: EARLIER,
  updatedAt: EARLIER,
  deletedAt: null,
  ...more,
});

const put = (id: string, content: object): Job => ({
  command: { kind: 'replace', id, content: contentOf({ name: 'Bolt M8', tags: ['steel'], ...content }) },
  actor: 'a',
  requestId: 'r',
  commandId: '11111111-0000-4000-8000-000000000000',
  isMinimal: false,
});

function setOf(rows: Item[], jobs: Job[]) {
  return decideAll(
    new Map(rows.map((row) => [row.id, row])),
    jobs.map((job) => ({ jobs: [job] })),
    NOW,
  ).set;
}

const ROWS = ['same', 'renamed', 'tagged', 'twice'].map((id) => itemOf(id));
const SET = setOf(
  [...ROWS, itemOf('revived', { deletedAt: EARLIER })],
  [
    put('new', {}),
    put('same', { attributes: { size: 1 } }),
    put('renamed', { name: 'Nut' }),
    put('tagged', { tags: ['zinc'] }),
    put('revived', {}),
    put('twice', { name: 'Nut' }),
    put('twice', { attributes: { size: 2 } }),
  ],
);
const idsIn = (text: string) => (JSON.parse(text) as unknown[][]).map(([id]) => id);

describe('arraysOf', () => {
  it('keeps new items, and those whose name and createdAt stay, apart from the others', () => {
    const { kept, moved } = atOnce(arraysOf(SET));
    expect(idsIn(kept)).toEqual(['new', 'same', 'tagged', 'twice']);
    expect(idsIn(moved)).toEqual(['renamed', 'revived']);
  });

  it('has each item once, in its last state, and each version', () => {
    const { kept, versions } = atOnce(arraysOf(SET));
    const twice = (JSON.parse(kept) as unknown[][]).find(([id]) => id === 'twice');
    expect(twice).toEqual(['twice', 'Bolt M8', null, '["steel"]', '{"size":2}', 5, '11111111', EARLIER, NOW, null]);
    expect(idsIn(versions)).toEqual(['new', 'same', 'renamed', 'tagged', 'revived', 'twice', 'twice']);
  });

  it('names the version that has the terms until now', () => {
    const terms = (JSON.parse(atOnce(arraysOf(SET)).terms) as unknown[][]).map(([id, now, , before]) => [
      id,
      now,
      before,
    ]);
    expect(terms).toEqual([
      ['new', 1, null],
      ['same', 4, 3],
      ['renamed', 4, 3],
      ['tagged', 4, 3],
      ['revived', 4, 3],
      ['twice', 5, 3],
    ]);
  });
});

describe('objectsOf', () => {
  it('has the terms of those items alone whose terms change or may be gone', () => {
    const { items, terms } = atOnce(objectsOf(SET));
    expect((JSON.parse(items) as Item[]).map(({ id }) => id)).toEqual([
      'new',
      'same',
      'renamed',
      'tagged',
      'revived',
      'twice',
    ]);
    expect((JSON.parse(terms) as Item[]).map(({ id }) => id)).toEqual(['new', 'renamed', 'tagged', 'revived']);
  });
});
