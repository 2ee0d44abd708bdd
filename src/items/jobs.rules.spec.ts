import { describe, expect, it } from '@jest/globals';
import type { HttpException } from '@nestjs/common';
import { identityOf, type IdempotencyRecord } from '../idempotency/idempotency-record.entity.js';
import type { Item } from './store/item.entity.js';
import { contentOf } from './store/item.members.js';
import { stateKey, type Command } from './items.rules.js';
import { decideAll, Refused, type Done } from './jobs.rules.js';
import type { RecordedAnswers } from './store/write-set.js';

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
  const job = (command: Command, isMinimal = false, commandId = 'c') => {
    return { command, actor: 'a', requestId: 'r', commandId, isMinimal };
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
      const { outcomes, set } = decideAll(rows, [{ jobs: [job(COMMANDS[name], isMinimal)], key }], NOW);
      expect(outcomes).toEqual([[expect.objectContaining({ status, isMinimal, isReplay: false })]]);
      const again = decideAll(rows, [{ jobs: [job(COMMANDS[name], !isMinimal)], key }], NOW, found(set.records));
      expect(again.outcomes).toEqual([[{ item: existing, status, isMinimal, isReplay: true }]]);
      expect(again.set).toMatchObject({ changes: [], records: [] });
    }
  });

  it('a change while the clock is set back has the time of the change before, the delete after it too', () => {
    const units = [
      { jobs: [job(COMMANDS.replace)], key },
      { jobs: [job(COMMANDS.delete)], key: { ...key, key: 'other' } },
    ];
    const before = '2026-01-31T00:00:00.000Z';
    const { set } = decideAll(new Map([['a', existing]]), units, before);
    const { updatedAt } = existing;
    expect(set.changes).toMatchObject([
      { item: { version: 4, updatedAt }, version: { at: updatedAt } },
      { item: { version: 5, updatedAt, deletedAt: updatedAt }, version: { at: updatedAt } },
    ]);
    expect(set.records.map(({ at }) => at)).toEqual([before, before]);
  });

  it('[M6] units of two callers in one group, under the same key with the same fingerprint, are two', () => {
    const units = ['a', 'b'].map((caller) => {
      const jobs = [{ ...job(COMMANDS.replace, false, `of ${caller}`), actor: caller }];
      return { jobs, key: { ...key, caller } };
    });
    const { outcomes, set } = decideAll(new Map(), units, NOW);
    expect(outcomes).toMatchObject([[{ status: 201, isReplay: false }], [{ status: 200, isReplay: false }]]);
    expect(set.changes.map(({ version }) => version.actor)).toEqual(['a']);
    expect(set.records.map(({ caller, commandId }) => [caller, commandId])).toEqual([
      ['a', 'of a'],
      ['b', 'of b'],
    ]);
    const again = decideAll(new Map([['a', existing]]), units, NOW, found(set.records.slice(0, 1), tombstone));
    expect(again.outcomes).toMatchObject([
      [{ status: 201, item: tombstone, isReplay: true }],
      [{ status: 200, item: { name: 'new', version: 4 }, isReplay: false }],
    ]);
  });

  it('[F15] of ten commands in one group that expect the same version one is carried out', () => {
    const units = Array.from({ length: 10 }, (_, n) => {
      const command: Command = {
        kind: 'replace',
        id: 'a',
        content: contentOf({ name: `${n}` }),
        guard: { conditions: { ifMatch: ['"3-aaaaaaaa"'] } },
      };
      return { jobs: [job(command, false, `${n}`)] };
    });
    const { outcomes, set } = decideAll(new Map([['a', existing]]), units, NOW);
    expect(outcomes.filter((one) => one instanceof Refused)).toHaveLength(9);
    expect(set.changes.map(({ item }) => item.name)).toEqual(['0']);
  });

  it('[N2] a unit whose third job is refused leaves nothing behind, and units around it are carried out', () => {
    const other = (command: Command) => ({ ...command, id: 'b' });
    const whole = { jobs: [job(COMMANDS.replace), job(other(COMMANDS.create)), job(other(COMMANDS.create))], key };
    const { outcomes, set } = decideAll(
      new Map([['a', existing]]),
      [
        { jobs: [job(COMMANDS.patch)] },
        whole,
        { jobs: [job(other(COMMANDS.patch))] },
        { jobs: [job(COMMANDS.delete)] },
      ],
      NOW,
    );
    expect(outcomes).toMatchObject([[{ status: 200 }], { job: 2 }, { job: 0 }, [{ status: 204 }]]);
    expect(outcomes.slice(1, 3).map((one) => one instanceof Refused && one.error)).toMatchObject([
      { status: 409 },
      { status: 404 },
    ]);
    expect(set.changes.map(({ version: { itemId, version } }) => [itemId, version])).toEqual([
      ['a', 4],
      ['a', 5],
    ]);
    expect(set.records).toEqual([]);
  });

  it('[N7] the jobs of a unit see what earlier ones did, and so do later units', () => {
    const restore: Command = { kind: 'restore', id: 'a', version: 4 };
    const whole = { jobs: [job(COMMANDS.replace), job(COMMANDS.delete), job(COMMANDS.create), job(restore)] };
    const { outcomes, set } = decideAll(new Map([['a', existing]]), [whole, { jobs: [job(COMMANDS.delete)] }], NOW);
    expect(outcomes).toMatchObject([
      [
        { status: 200, item: { version: 4 } },
        { status: 204 },
        { status: 201, item: { version: 6 } },
        { status: 200, item: { version: 6, name: 'new' } },
      ],
      [{ status: 204, item: { version: 7 } }],
    ]);
    expect(set.changes).toHaveLength(4);
  });

  it('[N23] the records of a unit of several jobs give all their answers again, in their order', () => {
    const b: Command = { ...COMMANDS.create, id: 'b' };
    const unit = { jobs: [job(COMMANDS.delete, true, '1'), job(b, true, '2'), job(COMMANDS.create, true, '3')], key };
    const rows = new Map([['a', existing]]);
    const { outcomes, set } = decideAll(rows, [unit], NOW);
    const first = outcomes[0] as Done[];
    expect(
      set.records.map(({ position, status, itemId, version, commandId }) => [
        position,
        status,
        itemId,
        version,
        commandId,
      ]),
    ).toEqual([
      [0, 204, 'a', 4, '1'],
      [1, 201, 'b', 1, '2'],
      [2, 201, 'a', 5, '3'],
    ]);
    const recorded = new Map([
      [
        identityOf(key),
        {
          ...key,
          minimal: 1,
          at: NOW,
          answers: [null, first[1]!.item, first[2]!.item].map((item, n) => answerOf(set.records[n]!, item)),
          isErased: false,
        },
      ],
    ]);
    const again = decideAll(new Map([['a', tombstone]]), [unit], NOW, recorded);
    expect(again.outcomes[0]).toEqual(
      first.map((one, n) => ({ ...one, item: n === 0 ? tombstone : one.item, isReplay: true })),
    );
    expect(again.set).toMatchObject({ changes: [], records: [] });
    const another = decideAll(rows, [{ ...unit, key: { ...key, fingerprint: 'g' } }], NOW, recorded);
    expect(another.outcomes).toMatchObject([{ error: { status: 422 }, job: undefined }]);
  });

  it('[N24] a later unit of the group under the same key gets the answer again, and another request is refused', () => {
    const create = { jobs: [job(COMMANDS.create)], key };
    const { outcomes, set } = decideAll(
      new Map(),
      [create, create, { jobs: [job(COMMANDS.delete)], key: { ...key, fingerprint: 'g' } }],
      NOW,
    );
    expect(outcomes).toMatchObject([
      [{ status: 201, isReplay: false }],
      [{ status: 201, isReplay: true, item: { version: 1 } }],
      { error: { status: 422 } },
    ]);
    expect(set).toMatchObject({ changes: [{ item: { version: 1 } }], records: [{ status: 201 }] });
  });

  it('[I77] an erasure takes what its group wrote and read before it', () => {
    const at = (command: Command, n: number) => ({
      jobs: [job(command, false, `${n}`)],
      key: { ...key, key: `${n}` },
    });
    const ofBatch = { ...at(COMMANDS.replace, 8), jobs: [job(COMMANDS.patch), job({ ...COMMANDS.create, id: 'b' })] };
    const erase = { kind: 'erase', id: 'a' } as const;
    const units = [ofBatch, ...[COMMANDS.replace, COMMANDS.delete, erase].map(at)];
    const earlier = {
      ...key,
      key: 'old',
      minimal: 0,
      at: NOW,
      answers: [{ status: 200, item: existing, itemId: 'a', version: 3 }],
      isErased: false,
    };
    const behind = [
      { jobs: [job({ kind: 'restore', id: 'a', version: 3 })] },
      { jobs: [job({ kind: 'restore', id: 'a', version: 4 })] },
      { jobs: [job(COMMANDS.replace)], key: { ...key, key: 'old' } },
      { jobs: [job(COMMANDS.delete)], key: { ...key, key: 'gone' } },
      at(COMMANDS.delete, 1),
      at(erase, 2),
      ofBatch,
      at(COMMANDS.create, 9),
    ];
    const ofDelete = { ...earlier, key: 'gone', answers: [{ status: 204, item: null, itemId: 'a', version: 2 }] };
    const recorded = new Map([earlier, ofDelete].map((one) => [identityOf(one), one]));
    const states = new Map([[stateKey('a', 3), existing]]);
    const { outcomes, set } = decideAll(new Map([['a', existing]]), [...units, ...behind], NOW, recorded, states);
    const statuses = outcomes.map((one) =>
      one instanceof Refused ? (one.error as HttpException).getStatus() : one.map(({ status }) => status),
    );
    expect(statuses).toEqual([[200, 201], [200], [204], [204], 410, 410, 410, 410, 410, [204], 410, [201]]);
    const written = set.changes.map(({ version: { operation, snapshot, requestId } }) => [
      operation,
      snapshot?.name,
      requestId,
    ]);
    expect(written).toEqual([
      ['patch', undefined, ''],
      ['create', 'new', 'r'],
      ['replace', undefined, ''],
      ['delete', undefined, ''],
      ['erase', undefined, 'r'],
      ['create', 'new', 'r'],
    ]);
    expect(set.records.map(({ fingerprint }) => fingerprint)).toEqual(['', '', '', '', 'f', 'f']);
  });
});

describe('a record of which an older release has left a part', () => {
  it.each([
    ['the first', [undefined, { status: 200, item: existing }]],
    ['the last', [{ status: 200, item: existing }]],
  ])('410 to the repeat, and nothing is carried out, if %s change is missing', (_name, answers) => {
    const jobs = [COMMANDS.replace, COMMANDS.patch].map((command) => ({
      command,
      actor: 'a',
      requestId: 'r',
      commandId: 'c',
      isMinimal: false,
    }));
    const key = { caller: 'a', key: 'k', fingerprint: 'f' };
    const record = { ...key, minimal: 0, at: NOW, answers, isErased: false } as RecordedAnswers;
    const { outcomes, set } = decideAll(new Map([['a', existing]]), [{ jobs, key }], NOW, new Map([['a\nk', record]]));
    expect(outcomes).toMatchObject([{ error: { status: 410 } }]);
    expect(set).toMatchObject({ changes: [], records: [] });
  });
});

function answerOf({ status, itemId, version }: IdempotencyRecord, item: Item | null) {
  return { status, item, itemId, version };
}

/** Records of single changes as they are read: each with the item that its version shows. */
function found(records: IdempotencyRecord[], item = existing) {
  return new Map(
    records.map((record) => [
      identityOf(record),
      {
        caller: record.caller,
        key: record.key,
        fingerprint: record.fingerprint,
        minimal: record.minimal,
        at: record.at,
        answers: [answerOf(record, item)],
        isErased: false,
      },
    ]),
  );
}
