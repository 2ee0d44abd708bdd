import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import { Problem } from '../problems/problem.js';
import type { Item } from './store/item.entity.js';
import { contentOf } from './store/item.members.js';
import { decide, type Command, type Guard } from './items.rules.js';

const NOW = '2026-05-05T05:05:05.555Z';
const MARK = { at: NOW, revision: 'cccccccc' };

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
const tombstone: Item = { ...existing, version: 4, revision: 'bbbbbbbb', updatedAt: '2026-03-03T00:00:00.000Z' };
tombstone.deletedAt = tombstone.updatedAt;

const NEW = contentOf({ name: 'new' });

const STATES = { absent: undefined, existing, tombstone };
const sameContent = { name: 'old', description: 'text', tags: ['p', 'q'], attributes: { x: 1, y: 2 } };

const COMMANDS = {
  create: { kind: 'create', id: 'a', content: NEW },
  'create with the same content': { kind: 'create', id: 'a', content: sameContent },
  replace: { kind: 'replace', id: 'a', content: NEW },
  'replace, the id in the body': { kind: 'replace', id: 'a', content: NEW, idInBody: 'a' },
  'replace, another id in the body': { kind: 'replace', id: 'a', content: NEW, idInBody: 'A' },
  'replace, the version in the body': { kind: 'replace', id: 'a', content: NEW, versionInBody: 3 },
  'replace, an older version in the body': { kind: 'replace', id: 'a', content: sameContent, versionInBody: 2 },
  'replace, the version of the deletion in the body': {
    kind: 'replace',
    id: 'a',
    content: sameContent,
    versionInBody: 4,
  },
  'replace, null in the body': {
    kind: 'replace',
    id: 'a',
    content: contentOf({ name: 'old', description: null, attributes: null }),
    idInBody: null,
    versionInBody: null,
  },
  'replace with the same content': { kind: 'replace', id: 'a', content: sameContent },
  patch: { kind: 'patch', id: 'a', patch: { kind: 'merge', document: { name: 'new' } } },
  'patch that changes nothing': { kind: 'patch', id: 'a', patch: { kind: 'merge', document: { name: 'old' } } },
  'patch that does not fit': {
    kind: 'patch',
    id: 'a',
    patch: { kind: 'operations', operations: [{ op: 'remove', path: '/none', from: '', value: undefined }] },
  },
  'patch with a bad result': { kind: 'patch', id: 'a', patch: { kind: 'merge', document: { name: null } } },
  delete: { kind: 'delete', id: 'a' },
  erase: { kind: 'erase', id: 'a' },
} satisfies Record<string, Command>;

/** The decision in a few words: what is written, or which problem refuses it. */
function outcome(current: Item | undefined, command: Command): string {
  const decision = decide(current, command, MARK);
  if (!(decision instanceof HttpException))
    return `${decision.operation ?? 'nothing'}, version ${decision.next.version}`;
  return `${decision.getStatus()} ${(decision.getResponse() as Problem).type.code}`;
}

describe('decide: every command on every state', () => {
  const OTHER_VERSION = '409 item-version-differs';
  it.each<[keyof typeof COMMANDS, string, string, string]>([
    // command, on an absent id, on an existing item (version 3), on a tombstone (version 4)
    ['create', 'create, version 1', '409 item-exists', 'create, version 5'],
    ['create with the same content', 'create, version 1', '409 item-exists', 'create, version 5'],
    ['replace', 'create, version 1', 'replace, version 4', 'create, version 5'],
    ['replace, the id in the body', 'create, version 1', 'replace, version 4', 'create, version 5'],
    ['replace, another id in the body', '409 item-id-differs', '409 item-id-differs', '409 item-id-differs'],
    ['replace, the version in the body', 'create, version 1', 'replace, version 4', OTHER_VERSION],
    ['replace, an older version in the body', 'create, version 1', OTHER_VERSION, OTHER_VERSION],
    ['replace, the version of the deletion in the body', 'create, version 1', OTHER_VERSION, OTHER_VERSION],
    ['replace, null in the body', 'create, version 1', 'replace, version 4', 'create, version 5'],
    ['replace with the same content', 'create, version 1', 'nothing, version 3', 'create, version 5'],
    ['patch', '404 item-not-found', 'patch, version 4', '404 item-not-found'],
    ['patch that changes nothing', '404 item-not-found', 'nothing, version 3', '404 item-not-found'],
    ['patch that does not fit', '404 item-not-found', '409 patch-does-not-apply', '404 item-not-found'],
    ['patch with a bad result', '404 item-not-found', '422 patch-result-invalid', '404 item-not-found'],
    ['delete', '404 item-not-found', 'delete, version 4', '404 item-not-found'],
    ['erase', '404 item-not-found', '409 item-not-deleted', 'erase, version 5'],
  ])('%s', (name, ...expected) => {
    const outcomes = Object.values(STATES).map((current) => outcome(current, COMMANDS[name]));
    expect(outcomes).toEqual(expected);
  });

  it('never changes the row it is given', () => {
    const before = structuredClone(STATES);
    for (const command of Object.values(COMMANDS)) for (const row of Object.values(STATES)) decide(row, command, MARK);
    expect(STATES).toEqual(before);
  });
});

describe('decide: conditions are judged on the row that is written', () => {
  const any = { ifMatch: '*' } as const;
  const none = { ifNoneMatch: '*' } as const;
  const current = { ifMatch: ['"3-aaaaaaaa"'] };
  const stale = { ifMatch: ['"2-aaaaaaaa"'] };
  const elsewhere = { ifMatch: ['"3"', '"3-aaaaaaab"', '"3-cccccccc"', '"aaaaaaaa"'] };
  const [FAILED, REQUIRED, ABSENT] = ['412 precondition-failed', '428 precondition-required', '404 item-not-found'];
  const LIVING = '409 item-not-deleted';

  it.each<[keyof typeof COMMANDS, string, Guard, string, string, string]>([
    // command, guard, on an absent id, on an existing item (version 3), on a tombstone (version 4)
    ['replace', '[F7] the current tag', { conditions: current }, FAILED, 'replace, version 4', FAILED],
    ['replace', '[F8] a stale tag', { conditions: stale }, FAILED, FAILED, FAILED],
    ['replace', '[D4] a tag of the version in another history', { conditions: elsewhere }, FAILED, FAILED, FAILED],
    ['replace', '[A4] [F11] If-Match: *', { conditions: any }, FAILED, 'replace, version 4', FAILED],
    ['replace', '[F13] [F14] If-None-Match: *', { conditions: none }, 'create, version 1', FAILED, 'create, version 5'],
    ['replace', 'the tag of the tombstone', { conditions: { ifMatch: ['"4-bbbbbbbb"'] } }, FAILED, FAILED, FAILED],
    ['replace with the same content', '[F20] a stale tag', { conditions: stale }, FAILED, FAILED, FAILED],
    ['replace, another id in the body', '[A1] a stale tag', { conditions: stale }, FAILED, FAILED, FAILED],
    ['replace, an older version in the body', '[F22] a stale tag', { conditions: stale }, FAILED, FAILED, FAILED],
    ['delete', '[A2] [H4] a stale tag', { conditions: stale }, ABSENT, FAILED, ABSENT],
    ['delete', 'the current tag', { conditions: current }, ABSENT, 'delete, version 4', ABSENT],
    ['delete', '[H5] If-None-Match: *', { conditions: none }, ABSENT, FAILED, ABSENT],
    ['patch', '[A3] If-Match: *', { conditions: any }, ABSENT, 'patch, version 4', ABSENT],
    ['patch that does not fit', '[G13] a stale tag', { conditions: stale }, ABSENT, FAILED, ABSENT],
    ['patch', '[F18] required, none sent', { isRequired: true }, ABSENT, REQUIRED, ABSENT],
    ['create', '[E16] If-None-Match: * on the list', { conditions: none }, FAILED, FAILED, FAILED],
    [
      'create',
      'If-Match: * on the list',
      { conditions: any },
      'create, version 1',
      '409 item-exists',
      'create, version 5',
    ],
    ['create', 'the tag of an item', { conditions: current }, FAILED, FAILED, FAILED],
    ['replace', '[F18] required, none sent', { isRequired: true }, REQUIRED, REQUIRED, REQUIRED],
    [
      'replace',
      '[F18] required, only a date',
      { isRequired: true, conditions: { ifUnmodifiedSince: 0 } },
      REQUIRED,
      REQUIRED,
      REQUIRED,
    ],
    [
      'replace',
      '[F18] required and sent',
      { isRequired: true, conditions: current },
      FAILED,
      'replace, version 4',
      FAILED,
    ],
    [
      'replace',
      '[F18] required, create only',
      { isRequired: true, conditions: none },
      'create, version 1',
      FAILED,
      'create, version 5',
    ],
    ['delete', '[F18] required, none sent', { isRequired: true }, ABSENT, REQUIRED, ABSENT],
    [
      'delete',
      '[F18] required, If-None-Match',
      { isRequired: true, conditions: { ifNoneMatch: ['"2-aaaaaaaa"'] } },
      ABSENT,
      REQUIRED,
      ABSENT,
    ],
    [
      'delete',
      '[F18] required and sent',
      { isRequired: true, conditions: current },
      ABSENT,
      'delete, version 4',
      ABSENT,
    ],
    ['erase', '[I73] the tag of the tombstone', { conditions: { ifMatch: ['"4-bbbbbbbb"'] } }, ABSENT, LIVING, FAILED],
    ['erase', '[I73] If-Match: *', { conditions: any }, ABSENT, LIVING, 'erase, version 5'],
    ['erase', '[I73] If-None-Match: *', { conditions: none }, ABSENT, LIVING, FAILED],
    ['erase', '[I73] required, none sent', { isRequired: true }, ABSENT, LIVING, REQUIRED],
    ['create', 'required of others', { isRequired: true }, 'create, version 1', '409 item-exists', 'create, version 5'],
  ])('%s under %s', (name, _, guard, ...expected) => {
    const outcomes = Object.values(STATES).map((state) => outcome(state, { ...COMMANDS[name], guard }));
    expect(outcomes).toEqual(expected);
  });

  it('[F17] the date is that of the last change, cut to seconds', () => {
    const at = (moment: string) => ({ conditions: { ifUnmodifiedSince: Date.parse(moment) } });
    const changed = { ...existing, updatedAt: '2026-02-02T00:00:05.999Z' };
    const replaced = (moment: string) => outcome(changed, { ...COMMANDS.replace, guard: at(moment) });
    expect(replaced('2026-02-02T00:00:05Z')).toBe('replace, version 4');
    expect(replaced('2026-02-02T00:00:04Z')).toBe(FAILED);
  });
});

describe('decide: the tag of the list of versions', () => {
  const judged = (newest: number, guard: Guard) =>
    outcome(tombstone, { ...COMMANDS.erase, list: { entityTag: '"list"', newest }, guard });

  it('[I73] counts if the newest version in the list is the newest one now', () => {
    expect(judged(4, { conditions: { ifMatch: ['"list"'] } })).toBe('erase, version 5');
    expect(judged(4, { conditions: { ifNoneMatch: ['"list"'] } })).toBe('412 precondition-failed');
    expect(judged(4, { conditions: { ifMatch: ['"else"'] } })).toBe('412 precondition-failed');
  });

  it('[I73] names no state any more if another version was made since the list was read', () => {
    expect(judged(3, { conditions: { ifMatch: ['"list"'] } })).toBe('412 precondition-failed');
    expect(judged(3, { conditions: { ifNoneMatch: ['"list"'] } })).toBe('erase, version 5');
  });
});

describe('decide: the next row', () => {
  const next = (current: Item | undefined, command: Command) => {
    const decision = decide(current, command, MARK);
    if (decision instanceof HttpException) throw decision;
    return decision.next;
  };

  it('a new item has both times, no description, no tags and empty attributes', () => {
    const created = {
      id: 'a',
      name: 'new',
      description: null,
      tags: [],
      attributes: {},
      createdAt: NOW,
      updatedAt: NOW,
    };
    expect(next(undefined, COMMANDS.create)).toEqual({ ...created, version: 1, revision: 'cccccccc', deletedAt: null });
  });

  it('[D4] an item created again has nothing of the deleted one but its version', () => {
    const created = {
      id: 'a',
      name: 'new',
      description: null,
      tags: [],
      attributes: {},
      createdAt: NOW,
      updatedAt: NOW,
    };
    expect(next(tombstone, COMMANDS.create)).toEqual({ ...created, version: 5, revision: 'cccccccc', deletedAt: null });
    expect(next(tombstone, COMMANDS.replace)).toEqual({
      ...created,
      version: 5,
      revision: 'cccccccc',
      deletedAt: null,
    });
  });

  it('[F4] a replaced item keeps its id and creation, and loses what is not sent', () => {
    const replaced = {
      ...existing,
      name: 'new',
      description: null,
      tags: [],
      attributes: {},
      version: 4,
      revision: 'cccccccc',
      updatedAt: NOW,
    };
    expect(next(existing, COMMANDS.replace)).toEqual(replaced);
  });

  it('[F21] an item replaced by itself is the row as it was', () => {
    expect(next(existing, COMMANDS['replace with the same content'])).toBe(existing);
  });

  it.each([
    { ...sameContent, name: 'Old' },
    { ...sameContent, description: '' },
    { ...sameContent, description: undefined },
    { ...sameContent, tags: ['q', 'p'] },
    { ...sameContent, tags: ['p'] },
    { ...sameContent, tags: null },
    { ...sameContent, attributes: { x: 1, y: '2' } },
    { ...sameContent, attributes: { y: 2, x: 1 } },
  ])('[F21] %j is a change', (content) => {
    expect(outcome(existing, { kind: 'replace', id: 'a', content: contentOf(content) })).toBe('replace, version 4');
  });

  it('[H1] a deleted item is a tombstone with the time, and keeps its creation', () => {
    expect(next(existing, COMMANDS.delete)).toEqual({
      ...existing,
      version: 4,
      revision: 'cccccccc',
      updatedAt: NOW,
      deletedAt: NOW,
    });
  });

  it('[H2] the 404 of a deleted item says when, that of an absent one does not', () => {
    const members = (current: Item | undefined) => {
      const refusal = decide(current, COMMANDS.delete, MARK) as HttpException;
      return (refusal.getResponse() as Problem).details.members;
    };
    expect(members(tombstone)).toEqual({ itemId: 'a', deletedAt: tombstone.deletedAt });
    expect(members(undefined)).toEqual({ itemId: 'a' });
  });

  it('[I70] an erased tombstone has its id and times, and nothing that a client wrote', () => {
    const erased = next(tombstone, COMMANDS.erase);
    const nothing = { name: '', description: null, tags: [], attributes: {} };
    expect(erased).toEqual({ ...tombstone, ...nothing, version: 5, revision: 'cccccccc', updatedAt: NOW });
    expect(next(erased, COMMANDS.erase)).toBe(erased);
    expect(next(erased, COMMANDS.create)).toMatchObject({ name: 'new', version: 6, deletedAt: null });
  });

  it('[D4] the version rises by one with each change through any life', () => {
    const life: Command[] = [
      COMMANDS['create with the same content'],
      COMMANDS.replace,
      COMMANDS.delete,
      COMMANDS.replace,
      COMMANDS.delete,
      COMMANDS.create,
    ];
    let row: Item | undefined;
    const versions = life.map((command) => (row = next(row, { ...command })).version);
    expect(versions).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
