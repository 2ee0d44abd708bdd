import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import { identityOf } from '../idempotency/idempotency-record.entity.js';
import type { Item } from './store/item.entity.js';
import { contentOf } from './store/item.members.js';
import { stateKey, type Command } from './items.rules.js';
import { decideAll } from './jobs.rules.js';

const NOW = '2026-05-05T05:05:05.555Z';

const existing: Item = {
  id: 'a',
  name: 'old',
  description: 'text',
  tags: ['p', 'q'],
  attributes: { x: 1, y: 2 },
  version: 3,
  revision: 'aaaaaaaa',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-02-02T00:00:00.000Z',
  deletedAt: null,
};
const tombstone: Item = { ...existing, version: 4, revision: 'bbbbbbbb', deletedAt: '2026-03-03T00:00:00.000Z' };

const STATES = { absent: undefined, existing };

const COMMANDS = {
  create: { kind: 'create', id: 'a', content: contentOf({ name: 'new' }) },
  replace: { kind: 'replace', id: 'a', content: contentOf({ name: 'new' }) },
  'replace with the same content': { kind: 'replace', id: 'a', content: contentOf(existing) },
  patch: { kind: 'patch', id: 'a', patch: { kind: 'merge', document: { name: 'new' } } },
  'patch that changes nothing': { kind: 'patch', id: 'a', patch: { kind: 'merge', document: { name: 'old' } } },
  delete: { kind: 'delete', id: 'a' },
} satisfies Record<string, Command>;

describe('decideAll', () => {
  const key = { caller: 'a', key: 'k', fingerprint: 'f' };
  const job = (command: Command, isMinimal: boolean) => {
    return { command, actor: 'a', requestId: 'r', commandId: 'c', isMinimal, key };
  };

  it.each<[keyof typeof COMMANDS, keyof typeof STATES, number, number]>([
    // command, state of the id, status, status with no content preferred
    ['create', 'absent', 201, 201],
    ['replace', 'absent', 201, 201],
    ['replace', 'existing', 200, 204],
    ['replace with the same content', 'existing', 200, 204],
    ['patch', 'existing', 200, 204],
    ['patch that changes nothing', 'existing', 200, 204],
    ['delete', 'existing', 204, 204],
  ])('[M2] %s, %s: %i, with no content preferred %i, and so again under its key', (name, state, whole, minimal) => {
    for (const [isMinimal, status] of [
      [false, whole],
      [true, minimal],
    ] as const) {
      const row = STATES[state];
      const rows = new Map(row && [['a', row]]);
      const { outcomes, set } = decideAll(rows, [job(COMMANDS[name], isMinimal)], NOW);
      expect(outcomes).toEqual([expect.objectContaining({ status, isMinimal, isReplay: false })]);
      const recorded = new Map(
        set.records.map((record) => [identityOf(record), Object.assign(record, { item: existing, isErased: false })]),
      );
      const again = decideAll(rows, [job(COMMANDS[name], !isMinimal)], NOW, recorded);
      expect(again.outcomes).toEqual([{ item: existing, status, isMinimal, isReplay: true }]);
      expect(again.set).toMatchObject({ changes: [], records: [] });
    }
  });

  it('a change while the clock is set back has the time of the change before, the delete after it too', () => {
    const jobs = [job(COMMANDS.replace, false), { ...job(COMMANDS.delete, false), key: { ...key, key: 'other' } }];
    const before = '2026-01-31T00:00:00.000Z';
    const { set } = decideAll(new Map([['a', existing]]), jobs, before);
    const { updatedAt } = existing;
    expect(set.changes).toMatchObject([
      { item: { version: 4, updatedAt }, version: { at: updatedAt } },
      { item: { version: 5, updatedAt, deletedAt: updatedAt }, version: { at: updatedAt } },
    ]);
    expect(set.records.map(({ at }) => at)).toEqual([before, before]);
  });

  it('[M6] jobs of two callers in one group, under the same key with the same fingerprint, are two', () => {
    const jobs = ['a', 'b'].map((caller) => {
      return { ...job(COMMANDS.replace, false), actor: caller, commandId: `of ${caller}`, key: { ...key, caller } };
    });
    const { outcomes, set } = decideAll(new Map(), jobs, NOW);
    expect(outcomes).toMatchObject([
      { status: 201, isReplay: false },
      { status: 200, isReplay: false },
    ]);
    expect(set.changes.map(({ version }) => version.actor)).toEqual(['a']);
    expect(set.records.map(({ caller, commandId }) => [caller, commandId])).toEqual([
      ['a', 'of a'],
      ['b', 'of b'],
    ]);
    const [first] = set.records.map((record) => Object.assign(record, { item: tombstone, isErased: false }));
    const again = decideAll(new Map([['a', existing]]), jobs, NOW, new Map([[identityOf(first!), first!]]));
    expect(again.outcomes).toMatchObject([
      { status: 201, item: tombstone, isReplay: true },
      { status: 200, item: { name: 'new', version: 4 }, isReplay: false },
    ]);
  });

  it('[F15] of ten commands in one group that expect the same version one is carried out', () => {
    const jobs = Array.from({ length: 10 }, (_, n) => {
      const command: Command = {
        kind: 'replace',
        id: 'a',
        content: contentOf({ name: `${n}` }),
        guard: { conditions: { ifMatch: ['"3-aaaaaaaa"'] } },
      };
      return { command, actor: 'a', requestId: 'r', commandId: `${n}`, isMinimal: false };
    });
    const { outcomes, set } = decideAll(new Map([['a', existing]]), jobs, NOW);
    expect(outcomes.filter((one) => one instanceof HttpException)).toHaveLength(9);
    expect(set.changes.map(({ item }) => item.name)).toEqual(['0']);
  });

  it('[I77] an erasure takes what its group wrote and read before it', () => {
    const at = (command: Command, n: number) => ({
      ...job(command, false),
      commandId: `${n}`,
      key: { ...key, key: `${n}` },
    });
    const jobs = [COMMANDS.replace, COMMANDS.delete, { kind: 'erase', id: 'a' } as const].map(at);
    const earlier = { ...key, key: 'old', status: 200, minimal: 0, at: NOW, item: existing, isErased: false };
    const behind = [
      { ...job({ kind: 'restore', id: 'a', version: 3 }, false), key: undefined },
      { ...job({ kind: 'restore', id: 'a', version: 4 }, false), key: undefined },
      { ...job(COMMANDS.replace, false), key: { ...key, key: 'old' } },
      at(COMMANDS.create, 9),
    ];
    const recorded = new Map([[identityOf(earlier), earlier]]);
    const states = new Map([[stateKey('a', 3), existing]]);
    const { outcomes, set } = decideAll(new Map([['a', existing]]), [...jobs, ...behind], NOW, recorded, states);
    expect(outcomes.map((one) => (one instanceof HttpException ? one.getStatus() : one.status))).toEqual([
      200, 204, 204, 410, 410, 410, 201,
    ]);
    const written = set.changes.map(({ version: { operation, snapshot, requestId } }) => [
      operation,
      snapshot?.name,
      requestId,
    ]);
    expect(written).toEqual([
      ['replace', undefined, ''],
      ['delete', undefined, ''],
      ['erase', undefined, 'r'],
      ['create', 'new', 'r'],
    ]);
    expect(set.records.map(({ fingerprint }) => fingerprint)).toEqual(['', '', 'f', 'f']);
  });
});
