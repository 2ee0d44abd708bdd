import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import type { Faults } from '../../../problems/faults.js';
import type { Problem } from '../../../problems/problem.js';
import { applyJsonPatch, MAX_OPERATIONS, parseJsonPatch, PatchFailure } from './json-patch.js';

interface Case {
  comment?: string;
  doc: unknown;
  patch: object[];
  expected?: unknown;
  error?: string;
  disabled?: boolean;
}

const load = createRequire(import.meta.url);
const suite = ['tests', 'spec_tests'].flatMap((name) => load(`json-patch-test-suite/${name}.json`) as Case[]);

const patched = (document: unknown, patch: unknown) => applyJsonPatch(parseJsonPatch(patch), document);

/** `400 rule` of what is broken, or the rule that fails. */
function refusal(document: unknown, patch: unknown): string {
  try {
    patched(document, patch);
  } catch (error) {
    if (error instanceof PatchFailure) return `${error.operation} ${error.rule}`;
    if (!(error instanceof HttpException)) throw error;
    const { errors } = (error.getResponse() as Problem).details;
    const { listed } = errors as Faults;
    return listed.map((fault) => `400 ${'pointer' in fault ? fault.pointer : ''} ${fault.rule}`).join(', ');
  }
  return 'none';
}

describe('the test suite of JSON Patch (json-patch-test-suite)', () => {
  const cases = suite.filter(({ patch, disabled }) => patch && !disabled);

  it.each(cases.map((one, index) => [`${index} ${one.comment ?? one.error ?? ''}`, one] as const))('%s', (_, one) => {
    const before = structuredClone(one.doc);
    const refused = refusal(one.doc, one.patch);
    expect(refused !== 'none').toBe(one.error !== undefined);
    // Where the suite names no result, success is all that it asks.
    const result = refused === 'none' && 'expected' in one ? patched(one.doc, one.patch) : one.expected;
    expect(result).toEqual(one.expected);
    expect(one.doc).toEqual(before);
  });
});

describe('a JSON Patch that is broken', () => {
  it.each<[string, unknown, string]>([
    ['no array', {}, '400  type'],
    ['no object', [1, null, []], '400 /0 type, 400 /1 type, 400 /2 type'],
    ['[G16] an unknown op', [{ op: 'merge', path: '' }], '400 /0/op enum'],
    ['[G16] no op', [{ path: '' }], '400 /0/op enum'],
    ['an op that every object has', [{ op: 'constructor', path: '' }], '400 /0/op enum'],
    ['no path', [{ op: 'remove' }], '400 /0/path required'],
    ['a path that is no pointer', [{ op: 'remove', path: 'a' }], '400 /0/path json-pointer'],
    ['a path with a bad escape', [{ op: 'remove', path: '/a~2' }], '400 /0/path json-pointer'],
    ['a path that is no string', [{ op: 'remove', path: 1 }], '400 /0/path json-pointer'],
    ['no value', [{ op: 'add', path: '/b' }], '400 /0/value required'],
    ['no from', [{ op: 'copy', path: '/b' }], '400 /0/from required'],
    ['a move into itself', [{ op: 'move', from: '/a', path: '/a/b' }], '400 /0/path move'],
    ['the reserved name', [{ op: 'add', path: '/__proto__/x', value: 1 }], '400 /0/path reserved-name'],
    ['the reserved name in from', [{ op: 'copy', from: '/__proto__', path: '/b' }], '400 /0/from reserved-name'],
    ['too many operations', Array.from({ length: MAX_OPERATIONS + 1 }, () => 1), '400  length'],
    [
      'several faults',
      [{ op: 'add' }, { op: 'remove', path: '/a' }, { op: 'x' }],
      '400 /0/path required, 400 /0/value required, 400 /2/op enum',
    ],
  ])('%s', (_, patch, expected) => {
    expect(refusal({ a: {} }, patch)).toBe(expected);
  });
});

describe('a JSON Patch that does not fit', () => {
  const document = { a: { n: 1, list: [1, 2] }, text: 'abc' };

  it.each<[string, object, string]>([
    ['[G7] another value', { op: 'test', path: '/a/n', value: 2 }, '0 test'],
    ['a value of another type', { op: 'test', path: '/a/n', value: '1' }, '0 test'],
    ['[G8] a test of what is not there', { op: 'test', path: '/b', value: null }, '0 path'],
    ['[G8] a replacement of what is not there', { op: 'replace', path: '/b', value: 1 }, '0 path'],
    ['[G8] a removal of what is not there', { op: 'remove', path: '/a/list/2' }, '0 path'],
    ['an addition below what is not there', { op: 'add', path: '/b/c', value: 1 }, '0 path'],
    ['an addition below a text', { op: 'add', path: '/text/0', value: 1 }, '0 path'],
    ['an addition past the end', { op: 'add', path: '/a/list/3', value: 1 }, '0 path'],
    ['an index with a zero before', { op: 'replace', path: '/a/list/01', value: 1 }, '0 path'],
    ['an index that is a name', { op: 'replace', path: '/a/list/length', value: 1 }, '0 path'],
    ['the place past the end', { op: 'replace', path: '/a/list/-', value: 1 }, '0 path'],
    ['what every object has', { op: 'copy', from: '/a/toString', path: '/b' }, '0 path'],
    ['what every object has, below it', { op: 'add', path: '/a/constructor/x', value: 1 }, '0 path'],
  ])('%s', (_, operation, expected) => {
    expect(refusal(document, [operation])).toBe(expected);
  });

  it.each(['copy', 'move'])('a %s of a document that was removed', (op) => {
    expect(
      refusal(document, [
        { op: 'remove', path: '' },
        { op, from: '', path: '' },
      ]),
    ).toBe('1 path');
  });

  it.each<[string, string, unknown, unknown, string]>([
    ['the document', '', { a: 1 }, [], 'the document is {"a":1}, not []'],
    ['a member', '/a', { a: 'red' }, 'blue', '/a is "red", not "blue"'],
    ['a nested value', '/a~1b/0', { 'a/b': [-1.5] }, { c: [true, ['"']] }, '/a~1b/0 is -1.5, not {"c":[true,["\\""]]}'],
    ['a long string', '/a', { a: 'x'.repeat(1_000_000) }, 1, `/a is "${'x'.repeat(127)}…, not 1`],
    ['a long name', '/a', { a: 1 }, { ['n'.repeat(1_000_000)]: 1 }, `/a is 1, not {"${'n'.repeat(126)}…`],
    ['a long array', '/a', { a: 1 }, Array(100_000).fill(12), `/a is 1, not [${'12,'.repeat(42)}1…`],
    ['a long path', `/${'n'.repeat(300)}`, { ['n'.repeat(300)]: 1 }, 2, `/${'n'.repeat(199)} is 1, not 2`],
  ])('a test of %s names the place and both values, cut where they are long', (_, path, before, value, expected) => {
    expect(() => patched(before, [{ op: 'test', path, value }])).toThrow(`The test failed: ${expected}.`);
  });

  it('the operation is counted from 0', () => {
    expect(
      refusal(document, [
        { op: 'remove', path: '/text' },
        { op: 'remove', path: '/text' },
      ]),
    ).toBe('1 path');
  });
});

describe('a JSON Patch that fits', () => {
  it.each<[string, unknown, object[], unknown]>([
    [
      '[E13] names that every object has',
      {},
      [{ op: 'add', path: '/constructor', value: { prototype: 1 } }],
      { constructor: { prototype: 1 } },
    ],
    ['zero, whatever its sign', { n: 0 }, [{ op: 'test', path: '/n', value: -0 }], { n: 0 }],
    [
      'members in any order',
      { o: { a: 1, b: [{}] } },
      [{ op: 'test', path: '/o', value: { b: [{}], a: 1 } }],
      { o: { a: 1, b: [{}] } },
    ],
    [
      'a whole document',
      { a: 1 },
      [
        { op: 'test', path: '', value: { a: 1 } },
        { op: 'replace', path: '', value: 2 },
      ],
      2,
    ],
    ['nothing left', { a: 1 }, [{ op: 'remove', path: '' }], undefined],
  ])('%s', (_, document, patch, expected) => {
    expect(patched(document, patch)).toEqual(expected);
  });

  it('members stay where they are, new ones come last', () => {
    const patch = [
      { op: 'replace', path: '/a', value: 3 },
      { op: 'add', path: '/c', value: 4 },
    ];
    expect(JSON.stringify(patched({ a: 1, b: 2 }, patch))).toBe('{"a":3,"b":2,"c":4}');
  });

  it('leaves the patch and the document as they are', () => {
    const value = { deep: [1] };
    const patch = [
      { op: 'add', path: '/v', value },
      { op: 'add', path: '/v/deep/-', value: 2 },
      { op: 'copy', from: '/v', path: '/w' },
    ];
    const operations = parseJsonPatch(patch);
    const document = {};
    const expected = { v: { deep: [1, 2] }, w: { deep: [1, 2] } };
    expect(applyJsonPatch(operations, document)).toEqual(expected);
    expect(applyJsonPatch(operations, document)).toEqual(expected);
    expect([value, document]).toEqual([{ deep: [1] }, {}]);
  });
});

describe('a JSON Patch that costs', () => {
  it('doubling by copies ends at the limit', () => {
    const patch = Array.from({ length: MAX_OPERATIONS }, () => ({ op: 'copy', from: '', path: '/a' }));
    const doubling = Array.from({ length: 60 }, (_, n) => ({ op: 'copy', from: '/a', path: `/a/${n}` }));
    expect(refusal({ a: { text: 'x'.repeat(100) } }, patch)).toMatch(/^\d+ (size|depth)$/);
    expect(refusal({ a: { text: 'x'.repeat(100) } }, doubling)).toMatch(/^\d+ (size|depth)$/);
  });

  it('copies into the deepest place end at the limit', () => {
    const patch = Array.from({ length: 40 }, (_, n) => ({
      op: 'copy',
      from: '/a',
      path: `${'/a'.repeat(2 ** Math.min(n, 8))}/a`,
    }));
    expect(refusal({ a: {} }, patch)).toMatch(/^\d+ (path|depth|size)$/);
  });

  it('moves of something large into the deep end at the limit, others are free', () => {
    const document = { a: { list: Array.from({ length: 20_000 }, () => 0) } };
    const there = { op: 'move', from: '/a/list', path: '/b' };
    const back = { op: 'move', from: '/b', path: '/a/list' };
    const patch = Array.from({ length: 500 }, () => [there, back]).flat();
    expect(refusal(document, patch)).toMatch(/^\d size$/);
    const level = Array.from({ length: 500 }, () => [
      { op: 'move', from: '/a', path: '/b' },
      { op: 'move', from: '/b', path: '/a' },
    ]).flat();
    expect(refusal(document, level)).toBe('none');
  });
});
