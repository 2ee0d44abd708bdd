import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { Length, MaxDepth, MaxJsonBytes } from './json-rules.js';

class Example {
  @Length(1, 4)
  text: unknown = 'a';

  @Length(3, 4)
  longer: unknown = 'abc';

  @MaxDepth(3)
  deep: unknown = {};

  @MaxJsonBytes(10)
  @MaxDepth(3)
  json: unknown = {};
}

const broken = (members: Partial<Example>) =>
  validateSync(Object.assign(new Example(), members), { stopAtFirstError: true }).flatMap(({ constraints = {} }) =>
    Object.keys(constraints),
  );

describe('Length', () => {
  it.each(['a', 'abcd', '😀😀😀😀', 'a\u0301b\u0301', '\ufe0f', '👨‍👩'])('%j is 1 to 4 code points', (text) => {
    expect(broken({ text })).toEqual([]);
  });

  it.each(['', 'abcde', '😀😀😀😀😀', 'aaaa😀', '👨‍👩‍👧', 7, null, ['a']])('%j is not', (text) => {
    expect(broken({ text })).toEqual(['length']);
  });

  it('a lower limit above 1 counts code points too', () => {
    expect(broken({ longer: '😀😀' })).toEqual(['length']);
    expect(broken({ longer: '😀😀😀' })).toEqual([]);
  });
});

describe('MaxDepth', () => {
  it.each([{ deep: 1 }, { deep: {} }, { deep: { a: [1] } }, { deep: [[[]]] }, { deep: { a: { b: {} } } }])(
    '$deep is at most 3 deep',
    (members) => {
      expect(broken(members)).toEqual([]);
    },
  );

  it.each([{ deep: [[[[]]]] }, { deep: { a: { b: { c: {} } } } }, { deep: [[], [[[]]]] }])(
    '$deep is not',
    (members) => {
      expect(broken(members)).toEqual(['depth']);
    },
  );

  it('a value too deep for the stack is told before it is written', () => {
    expect(broken({ json: JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) })).toEqual(['depth']);
  });
});

describe('MaxJsonBytes', () => {
  it('counts UTF-8 bytes of compact JSON', () => {
    expect(broken({ json: '12345678' })).toEqual([]);
    expect(broken({ json: '123456789' })).toEqual(['size']);
    expect(broken({ json: '😀😀' })).toEqual([]);
    expect(broken({ json: '😀😀1' })).toEqual(['size']);
  });
});
