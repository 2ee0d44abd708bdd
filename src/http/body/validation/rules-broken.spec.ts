import { describe, expect, it } from '@jest/globals';
import { ArrayMaxSize, IsArray, IsDefined, IsString, ValidateNested, validateSync } from 'class-validator';
import { Each, hasLength, IS_TEXT, IS_UNIQUE } from './each.js';
import { Length } from './json-rules.js';
import { rulesBroken } from './rules-broken.js';

class Inner {
  @IsString({ message: 'text must be a string.' })
  'a/b': unknown = 'x';

  @Each(IS_TEXT)
  @IsArray()
  list: unknown = [];
}

class Outer {
  @Each(IS_TEXT, hasLength(1, 2), IS_UNIQUE)
  @ArrayMaxSize(4)
  @IsArray()
  list: unknown = [];

  @ValidateNested()
  inner: unknown = new Inner();

  @ValidateNested()
  inners: unknown = [];

  @Length(1, 2)
  @IsDefined()
  text: unknown = 'x';
}

const faults = (members: object) =>
  rulesBroken(validateSync(Object.assign(new Outer(), members), { stopAtFirstError: true }));
const broken = (members: object) =>
  faults(members).map((fault) => `${(fault as { pointer: string }).pointer} ${fault.rule}`);
const inner = (members: object) => Object.assign(new Inner(), members);

describe('rulesBroken', () => {
  it.each<[object, string[]]>([
    [{}, []],
    [{ text: undefined }, ['/text required']],
    [{ text: 'abc' }, ['/text length']],
    [{ list: {} }, ['/list type']],
    [{ list: ['a', 'b', 'c', 'd'] }, []],
    [{ list: ['a', 'b', 'c', 'd', 'e'] }, ['/list count']],
    [{ list: ['a', 7, 'b'] }, ['/list/1 type']],
    [{ list: [null, 'abc', 'b', ''] }, ['/list/0 type', '/list/1 length', '/list/3 length']],
    [{ list: ['a', 'b', 'a', 'a'] }, ['/list/2 unique', '/list/3 unique']],
    [{ list: [7, 7] }, ['/list/0 type', '/list/1 type']],
    [{ list: ['😀😀', '😀😀😀'] }, ['/list/1 length']],
    [{ inner: inner({ 'a/b': 1 }) }, ['/inner/a~1b type']],
    [{ inner: 'x' }, ['/inner type']],
    [{ inners: [new Inner(), inner({ 'a/b': 1, list: ['a', 1] })] }, ['/inners/1/a~1b type', '/inners/1/list/1 type']],
  ])('%j: %j', (members, expected) => {
    expect(broken(members)).toEqual(expected);
  });

  it('says of an element what it must be', () => {
    expect(faults({ list: ['a', 'abc', 'a', 7] }).map(({ detail }) => detail)).toEqual([
      'list/1 must be 1 to 2 characters long.',
      'list/2 must not repeat element 0.',
      'list/3 must be a string.',
    ]);
  });
});
