import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../config/read-config.js';
import { DatabaseFault } from '../database/faults/database-fault.js';
import { Commits } from './changes/commits.js';
import { RunningKeys } from '../idempotency/running-keys.js';
import { NO_TRACING } from '../telemetry/tracing.js';
import { ItemsWriter } from './items.writer.js';
import { Refused } from './jobs.rules.js';
import { contentOf } from './store/item.members.js';
import type { ItemsRepository } from './store/items.repository.js';
import type { WriteSide } from './store/write-side.js';

/**
 * A write side that keeps nothing but names, refuses `poison` as data, is busy for `busy`, full for `full` and broken for
 * `broken`. Another process comes before it with `raced` and `deadlocked`, unless it has the lock; nothing lets it have
 * `unique`. It can't even read `mistaken`.
 */
function startWriter() {
  const written: string[] = [];
  const attempts: string[][] = [];
  let isLocked = false;
  const side: WriteSide = {
    maxGroupsInFlight: 1,
    findMany: async (ids) => {
      if (ids.includes('mistaken')) throw new TypeError('mistaken');
      return new Map();
    },
    findStates: async () => [],
    fillSearch: () => Promise.resolve(false),
    trimVersions: async () => ({ walked: 0, deleted: 0 }),
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
      if (names.includes('full')) throw new DatabaseFault('full', undefined);
      if (names.includes('busy')) throw new DatabaseFault('unavailable', undefined);
      written.push(...names);
    },
  };
  const repository = { writeSide: side } as ItemsRepository;
  const writer = new ItemsWriter(
    repository,
    new RunningKeys(),
    new Commits(),
    () => new Date(0),
    readConfig({}),
    NO_TRACING,
  );
  const jobOf = (name: string) => ({
    command: { kind: 'create', id: name, content: contentOf({ name }) } as const,
    actor: 'a',
    requestId: 'r',
    isMinimal: false,
  });
  const said = (error: Error) => (error instanceof DatabaseFault ? error.kind : error.message);
  const create = (name: string) => writer.execute(jobOf(name)).then(() => 'written', said);
  /** Each list is a unit. */
  const createAll = async (...units: string[][]) => {
    const outcomes = await writer.executeAll(units.map((names) => ({ jobs: names.map(jobOf) })));
    return outcomes.map((one) => (one instanceof Refused ? said(one.error) : 'written'));
  };
  return { create, createAll, written, attempts };
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

describe('a group with units of several jobs', () => {
  it('[N2] is halved between units: one that has data which the database refuses fails as a whole and alone', async () => {
    const { create, createAll, written } = startWriter();
    const [, before, outcomes, after] = await Promise.all([
      create('first'),
      create('before'),
      createAll(['a'], ['poison'], ['b', 'c'], ['d', 'poison', 'e'], ['f']),
      create('after'),
    ]);
    expect(outcomes).toEqual(['written', 'refused', 'written', 'refused', 'written']);
    expect([before, after]).toEqual(['written', 'written']);
    expect(written).toEqual(['first', 'before', 'a', 'b', 'c', 'f', 'after']);
  });

  it('is not carried out at all while the database is busy', async () => {
    const { createAll, written } = startWriter();
    await expect(createAll(['a'], ['busy', 'b'])).rejects.toMatchObject({ kind: 'unavailable' });
    expect(written).toEqual([]);
  });

  it('is one group, however many jobs it has', async () => {
    const { create, createAll, attempts } = startWriter();
    const names = Array.from({ length: 500 }, (_, n) => [`${n}`]);
    await Promise.all([create('first'), create('before'), createAll(...names), create('after')]);
    expect(attempts.map(({ length }) => length)).toEqual([1, 1, 500, 1]);
  });
});

describe('a group with a job that meets a fault of the program', () => {
  it('fails that job alone', async () => {
    const { outcomes, written } = await outcomesOf('a', 'b', 'mistaken', 'c');
    expect(outcomes).toEqual(['written', 'written', 'mistaken', 'written']);
    expect(written).toEqual(['a', 'b', 'c']);
  });
});

describe('jobs that wait while a group of 500 is under way', () => {
  const filler = Array.from({ length: 499 }, (_, n) => `filler ${n}`);

  it.each([
    ['busy', 'unavailable'],
    ['full', 'full'],
  ])('fail untried with it when the database is %s', async (name, kind) => {
    const { outcomes, attempts } = await outcomesOf(...filler, name, 'waiting', 'too');
    expect(attempts).toEqual([[...filler, name]]);
    expect(outcomes).toEqual([...filler, name, 'waiting', 'too'].map(() => kind));
  });

  it('are carried out when it meets what nobody foresaw', async () => {
    const { outcomes, written } = await outcomesOf(...filler, 'broken', 'waiting');
    expect(outcomes.slice(-2)).toEqual(['unforeseen', 'written']);
    expect(written).toEqual(['waiting']);
  });
});

describe('a group of large jobs', () => {
  it('holds two of 800 kB, as 4 MiB are its limit and each counts twice', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(800_000));
    const { attempts } = await outcomesOf(...names);
    expect(attempts.map(({ length }) => length)).toEqual([2, 2, 1]);
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
