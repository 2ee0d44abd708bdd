import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../config/config.js';
import { DatabaseFault } from '../database/database-fault.js';
import { ItemsWriter } from './items.writer.js';
import type { ItemsRepository } from './items.repository.js';
import type { WriteSide } from './write-side.js';

/**
 * A write side that keeps nothing but names, refuses `poison` as data, is busy for `busy` and broken for `broken`. Another
 * process comes before it with `raced` and `deadlocked`, unless it has the lock; nothing lets it have `unique`.
 */
function startWriter() {
  const written: string[] = [];
  const attempts: string[][] = [];
  let isLocked = false;
  const side: WriteSide = {
    maxGroupsInFlight: 1,
    findMany: async () => new Map(),
    findRecords: async () => [],
    forgetRecord: async () => undefined,
    underLock: async (work) => {
      isLocked = true;
      return work(side).finally(() => (isLocked = false));
    },
    save: async ({ changes }) => {
      const names = changes.map(({ item }) => item.name);
      attempts.push(names);
      if (names.includes('broken')) throw new DatabaseFault('unforeseen', undefined);
      if (names.includes('poison')) throw new DatabaseFault('refused', undefined);
      if (names.includes('raced') && !isLocked) throw new DatabaseFault('conflict', undefined);
      if (names.includes('deadlocked') && !isLocked) throw new DatabaseFault('rolled-back', undefined);
      if (names.includes('unique')) throw new DatabaseFault('conflict', undefined);
      if (names.includes('busy')) throw new DatabaseFault('unavailable', undefined);
      written.push(...names);
    },
  };
  const writer = new ItemsWriter({ writeSide: side } as ItemsRepository, () => new Date(0), readConfig({}));
  const create = (name: string) =>
    writer.execute({ command: { kind: 'create', id: name, content: { name } }, requestId: 'r' }).then(
      () => 'written',
      (error: Error) => (error instanceof DatabaseFault ? error.kind : error.message),
    );
  return { create, written, attempts };
}

/** The outcomes of creates that form one group, behind one that is under way. */
async function outcomesOf(...names: string[]) {
  const { create, written, attempts } = startWriter();
  const [, ...outcomes] = await Promise.all(['first', ...names].map(create));
  return { outcomes, written: written.filter((name) => name !== 'first'), attempts: attempts.slice(1) };
}

describe('a group that is halved for data which the database refuses', () => {
  it('fails the culprit alone', async () => {
    const { outcomes, written } = await outcomesOf('a', 'poison', 'b', 'c');
    expect(outcomes).toEqual(['written', 'refused', 'written', 'written']);
    expect(written).toEqual(['a', 'b', 'c']);
  });

  it('keeps what its first half wrote when the database is busy for the second', async () => {
    const { outcomes, written } = await outcomesOf('a', 'b', 'poison', 'busy');
    expect(outcomes).toEqual(['written', 'written', 'refused', 'unavailable']);
    expect(written).toEqual(['a', 'b']);
  });

  it('tries no second half when the database is busy for the first', async () => {
    const { outcomes, written } = await outcomesOf('busy', 'poison', 'a', 'b');
    expect(outcomes).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable']);
    expect(written).toEqual([]);
  });
});

describe('a group that meets what nobody foresaw', () => {
  it('fails as a whole after one attempt', async () => {
    const { outcomes, attempts } = await outcomesOf('a', 'broken', 'b');
    expect(outcomes).toEqual(['unforeseen', 'unforeseen', 'unforeseen']);
    expect(attempts).toEqual([['a', 'broken', 'b']]);
  });
});

describe('a group that meets a conflict', () => {
  it.each(['raced', 'deadlocked'])('decides once more, under the lock (%s)', async (name) => {
    const { outcomes, attempts } = await outcomesOf('a', name, 'b');
    expect(outcomes).toEqual(['written', 'written', 'written']);
    expect(attempts).toEqual([
      ['a', name, 'b'],
      ['a', name, 'b'],
    ]);
  });

  it('fails the culprit alone where the lock does not help', async () => {
    const { outcomes, written } = await outcomesOf('a', 'unique', 'b', 'c');
    expect(outcomes).toEqual(['written', 'conflict', 'written', 'written']);
    expect(written).toEqual(['a', 'b', 'c']);
  });
});
