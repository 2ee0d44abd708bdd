import { parse as parseRsql } from '@rsql/parser';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cpuMsOf, slowness } from '../../../test/support/cpu-time.js';
import { SEED } from '../../../test/support/random.js';
import { FilterFault } from './filter-fault.js';
import type { Filter, Pattern, Scalar, Selector, Test } from './filter.js';
import { MAX_BYTES, parseFilter } from './parse-filter.js';

const is = (member: string, test: Test): Filter => {
  const [first, ...path] = member.split('.');
  const selector = (first === 'attributes' ? { member: first, path } : { member }) as Selector;
  return { kind: 'comparison', selector, test };
};
const equal = (...values: Scalar[]): Test => ({ kind: 'equal', values, isNegated: false });
const not = (test: Test): Test => ({ ...test, isNegated: true }) as Test;
const like = (text: string, open: 'before' | 'behind' | 'both'): Test => {
  const pattern: Pattern = { text, isOpenBefore: open !== 'behind', isOpenBehind: open !== 'before' };
  return { kind: 'like', pattern, isNegated: false };
};
const order = (sign: '<' | '<=' | '>' | '>=', value: Scalar): Test => ({ kind: 'order', sign, value });
const [A, B, C] = ['a', 'b', 'c'].map((id) => is('id', equal(id))) as [Filter, Filter, Filter];
const all = (...parts: Filter[]): Filter => ({ kind: 'and', parts });
const any = (...parts: Filter[]): Filter => ({ kind: 'or', parts });

describe('parseFilter', () => {
  it.each<[string, Filter]>([
    ['id==a;id==b,id==c', any(all(A, B), C)],
    ['id==a,id==b;id==c', any(A, all(B, C))],
    ['(id==a,id==b);id==c', all(any(A, B), C)],
    ['id==a and id==b or id==c', any(all(A, B), C)],
    ['id==a or (id==b and id==c)', any(A, all(B, C))],
    ['id==a;id==b;id==c', all(A, B, C)],
    ['((id==a))', A],
    ['  ( id == a\t;\n id == "b" )and\r( id==c ) ', all(all(A, B), C)],
    ['id=="a"and id==b', all(A, B)],
  ])('%j: how comparisons are joined', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  it.each<[string, Test]>([
    ['a', equal('a')],
    ['and', equal('and')],
    ['10', equal('10')],
    ['null', equal('null')],
    ['a.b/c:d+e@f#g%h[i]{j}|k^l`m-n_o&p$q?r\\s', equal('a.b/c:d+e@f#g%h[i]{j}|k^l`m-n_o&p$q?r\\s')],
    ['\u{1F600}\u{A0}', equal('\u{1F600}\u{A0}')],
    ['""', equal('')],
    [`"it's (a, b)"`, equal(`it's (a, b)`)],
    [`'say "a"'`, equal('say "a"')],
    [String.raw`"a\"b\'c\\d\*e"`, equal(String.raw`a"b'c\d*e`)],
    [String.raw`'a\"b\'c'`, equal(`a"b'c`)],
    ['"a\nb"', equal('a\nb')],
    ['*', like('', 'both')],
    ['"*"', like('', 'both')],
    ['**', like('', 'both')],
    ['***', like('*', 'both')],
    ['a*', like('a', 'behind')],
    ['*a', like('a', 'before')],
    ['"*a b*"', like('a b', 'both')],
    ['a*b', equal('a*b')],
    ['a*b*', like('a*b', 'behind')],
    [String.raw`\*`, equal('*')],
    [String.raw`"\*"`, equal('*')],
    [String.raw`a\*`, equal('a*')],
    [String.raw`\**`, like('*', 'behind')],
    [String.raw`"\**"`, like('*', 'behind')],
    // Outside of quotes a backslash is itself, but before a star.
    [String.raw`a\\*`, equal(String.raw`a\*`)],
    [String.raw`"a\\*"`, like('a\\', 'behind')],
    [String.raw`"a\\\*"`, equal(String.raw`a\*`)],
  ])('name==%s: how texts are written', (value, test) => {
    expect(parseFilter(`name==${value}`)).toEqual(is('name', test));
    expect(parseFilter(`name!=${value}`)).toEqual(is('name', not(test)));
  });

  it.each<[string, Scalar]>([
    ['10', 10],
    ['10.0', 10],
    ['-0', -0],
    ['1e400', Infinity],
    ['-1.5E+3', -1500],
    ['true', true],
    ['false', false],
    ['null', null],
    ['"10"', '10'],
    ["'null'", 'null'],
    ['+10', '+10'],
    ['01', '01'],
    ['.5', '.5'],
    ['5.', '5.'],
    ['0x10', '0x10'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['True', 'True'],
    ['nul', 'nul'],
    ['1_000', '1_000'],
    [String.raw`1\*`, '1*'],
  ])('attributes.a==%s: which values are texts', (value, scalar) => {
    expect(parseFilter(`attributes.a==${value}`)).toEqual(is('attributes.a', equal(scalar)));
    expect(parseFilter(`attributes.a=le=${value}`)).toEqual(is('attributes.a', order('<=', scalar)));
    expect(parseFilter(`attributes.a=out=(${value},x)`)).toEqual(is('attributes.a', not(equal(scalar, 'x'))));
  });

  it.each<[string, Test]>([
    ['name=lt=a', order('<', 'a')],
    ['name<a', order('<', 'a')],
    ['name=le=a', order('<=', 'a')],
    ['name<=a', order('<=', 'a')],
    ['name=gt=a', order('>', 'a')],
    ['name>a', order('>', 'a')],
    ['name=ge=a', order('>=', 'a')],
    ['name>=a', order('>=', 'a')],
    ['name=lt=a*', order('<', 'a*')],
    ['name=in=(a)', equal('a')],
    ['name=in=( a , "b c" )', equal('a', 'b c')],
    ['name=in=(a*,*)', equal('a*', '*')],
    ['name=out=(a,b)', not(equal('a', 'b'))],
    ['name=ex=true', { kind: 'exists', isThere: true }],
    ['name=ex=false', { kind: 'exists', isThere: false }],
    ['version==2', equal(2)],
    ['version=gt=1.5', order('>', 1.5)],
    ['version=in=(1,"2")', equal(1, 2)],
    ['updatedAt==2026-01-01T00:00:00Z', equal('2026-01-01T00:00:00.000Z')],
    ['updatedAt!="2026-01-01T00:00:00.0001Z"', not(equal())],
    ['createdAt=lt=2026-01-01T00:00:00+01:00', order('<', '2025-12-31T23:00:00.000Z')],
    ['createdAt=lt=2026-01-01T00:00:00.0001Z', order('<=', '2026-01-01T00:00:00.000Z')],
    ['createdAt=le=2026-01-01T00:00:00.0001Z', order('<=', '2026-01-01T00:00:00.000Z')],
    ['createdAt=gt=2026-01-01T00:00:00.0001Z', order('>', '2026-01-01T00:00:00.000Z')],
    ['createdAt=ge=2026-01-01T00:00:00.0001Z', order('>', '2026-01-01T00:00:00.000Z')],
    ['createdAt=ge=2026-01-01T00:00:00Z', order('>=', '2026-01-01T00:00:00.000Z')],
    ['createdAt=ex=true', { kind: 'exists', isThere: true }],
  ])('%s: what operators ask', (text, test) => {
    expect(parseFilter(text)).toEqual(is(/^[a-zA-Z]+/.exec(text)?.[0] as string, test));
  });

  it.each<[string, string[]]>([
    ['a', ['a']],
    ['a.b.c', ['a', 'b', 'c']],
    ['"a.b".c', ['a.b', 'c']],
    [`'a "b"'."it's"`, ['a "b"', "it's"]],
    [String.raw`"\"\\"`, [String.raw`"\ `.trim()]],
    ['""', ['']],
    ['0.[1].*', ['0', '[1]', '*']],
    ['__proto__.constructor', ['__proto__', 'constructor']],
    ['\u{1F600}', ['\u{1F600}']],
  ])('attributes.%s: how names are written', (names, path) => {
    expect(parseFilter(`attributes.${names}=ex=true`)).toMatchObject({ selector: { member: 'attributes', path } });
  });
});

const SELECTOR = 'a selector: id, name, description, tags, version, createdAt, updatedAt or attributes.<name>';
const OPERATOR = 'an operator: ==, !=, =in=, =out=, =lt=, =le=, =gt=, =ge=, =ex=, <, <=, >, >=';
const JOINED = '; and , or';

describe('a fault of a filter', () => {
  it.each([
    ['', 0, SELECTOR],
    ['  ', 2, SELECTOR],
    ['==a', 0, SELECTOR],
    ['nmae==a', 0, SELECTOR],
    ['Name==a', 0, SELECTOR],
    ['deletedAt=ex=true', 0, SELECTOR],
    ['name.first==a', 0, SELECTOR],
    ['attributes==a', 0, SELECTOR],
    ['constructor==a', 0, SELECTOR],
    ['"name"==a', 0, SELECTOR],
    ['id==a;', 6, SELECTOR],
    ['id==a,,id==b', 6, SELECTOR],
    ['id==a and', 9, SELECTOR],
    ['()', 1, SELECTOR],
    ['name', 4, OPERATOR],
    ['name=a', 4, OPERATOR],
    ['name =like= a', 5, OPERATOR],
    ['name=LT=a', 4, OPERATOR],
    ['name~a', 4, OPERATOR],
    ['id==a,b', 6, SELECTOR],
    ['attributes.==a', 11, 'a name'],
    ['attributes.a.=ex=true', 13, 'a name'],
    ['attributes..a==b', 11, 'a name'],
    ['name==', 6, 'a value'],
    ['name==;id==a', 6, 'a value'],
    ['name==(a)', 6, 'a value'],
    ['\u{1F600}', 0, SELECTOR],
    ['name=="\u{1F600}\u{1F600}"x', 10, JOINED],
    ['name==a b', 8, JOINED],
    ['name==a=b', 7, JOINED],
    ['name==a)', 7, JOINED],
    ['name==a AND id==b', 8, JOINED],
    ['(name==a', 8, `), or ${JOINED}`],
    ['name=="a', 8, '", the end'],
    ["name=='a\\'", 10, "', the end"],
    [String.raw`name=="\u{1F600}\n"`, 8, '", \', \\ or *'],
    ['name=="\u{1F600}\\\u{1F600}"', 9, '", \', \\ or *'],
    ['name=in=a', 8, 'values in parentheses'],
    ['name=in=()', 9, 'a value'],
    ['name=in=(a', 10, '), or a comma'],
    ['name=in=(a;b)', 10, '), or a comma'],
    ['name=in=(a,)', 11, 'a value'],
    ['version==a', 9, 'a number'],
    ['version==1*', 9, 'a number'],
    ['version=in=(1,x)', 14, 'a number'],
    ['createdAt==2026', 11, 'a time of RFC 3339'],
    ['createdAt=gt=2026-01-01T00:00:00 02:00', 13, '%2B'],
    ['id=ex=yes', 6, 'true or false'],
    ['id==a;name=="\0"', 13, 'no U+0000'],
    ['name==\u{1F600}\ud800', 7, 'no U+0000 and no half'],
  ])('%j: position and what was expected there', (text, position, expected) => {
    expect(faultOf(text)).toEqual({ position, expected: expect.stringContaining(expected) });
  });

  it('50 comparisons fit, and not one more', () => {
    const fifty = Array.from({ length: 50 }, () => 'id==a').join(';');
    expect(parseFilter(fifty)).toMatchObject({ parts: { length: 50 } });
    expect(faultOf(`${fifty},id==b`)).toEqual({ position: 300, expected: expect.stringContaining('at most 50') });
  });

  it('depth 10 fits, and not 11', () => {
    const deep = (depth: number) => `${'('.repeat(depth - 1)}id==a${')'.repeat(depth - 1)}`;
    expect(parseFilter(`${deep(10)};${deep(10)}`)).toEqual(all(A, A));
    expect(faultOf(deep(11))).toEqual({ position: 9, expected: expect.stringContaining('at most depth 10') });
  });

  it('4,096 bytes of UTF-8 fit, and not one more', () => {
    const long = (sign: string, bytes: number) => `name==${sign.repeat((bytes - 6) / Buffer.byteLength(sign))}`;
    expect(parseFilter(long('x', 4_096))).toMatchObject({ kind: 'comparison' });
    expect(faultOf(long('x', 4_097))).toEqual({ position: 4_096, expected: expect.stringContaining('4096 bytes') });
    // 6 + 4 × 1,022 = 4,094
    expect(faultOf(long('\u{1F600}', 4_098))).toMatchObject({ position: 1_028 });
    expect(faultOf('x'.repeat(5_000_000))).toMatchObject({ position: 4_096 });
  });

  it('the longest filters take less than 50 ms each, whatever they are made of', () => {
    const parts = [
      '(',
      ')',
      '"',
      "'",
      '\\',
      '"\\',
      '*',
      ' ',
      '=',
      '!=',
      '.',
      'attributes.',
      'a',
      'id==a;',
      '()',
      '\u{1F600}',
      '=a',
    ];
    const starts = ['', 'name==', 'name=="', 'attributes.', 'id=in=(a'];
    const tookMs = cpuMsOf(() => {
      for (const part of parts) {
        const filler = part.repeat(MAX_BYTES / Buffer.byteLength(part) - 4);
        for (const start of starts) outcomeOf(start + filler);
      }
    });
    expect(tookMs / (parts.length * starts.length)).toBeLessThan(50 * slowness());
  });
});

describe(`any filter (seed ${SEED})`, () => {
  // What the unit 'binary' of fc.string() is, without its table of all code points, which stays in memory.
  const codePoint = fc
    .oneof(fc.integer({ min: 0, max: 0xd7_ff }), fc.integer({ min: 0xe0_00, max: 0x10_ff_ff }))
    .map((point) => String.fromCodePoint(point));
  const sign = fc.oneof(
    fc.constantFrom(...Array.from(`"'();,=!~<>\\*. \t-0123`)),
    fc.constantFrom(
      'id',
      'name',
      'attributes.',
      'tags',
      'version',
      'createdAt',
      '==',
      '!=',
      '=in=(',
      '=ex=true',
      ' and ',
      ' or ',
    ),
    fc.string({ unit: codePoint, maxLength: 2 }),
  );
  const text = fc.array(sign, { maxLength: 30 }).map((parts) => parts.join(''));

  it('is a filter, or has a fault at a position that is in it', () => {
    expect.hasAssertions();
    const holds = fc.property(text, (one) => {
      const position = outcomeOf(one)?.position ?? 0;
      expect(position).toBeLessThanOrEqual(Array.from(one).length);
    });
    fc.assert(holds, { seed: SEED, numRuns: 3_000 });
  });

  const word = fc.stringMatching(/^[a-zA-Z0-9_.-]{1,8}$/).filter((one) => !/^(?:and|or|true|false|null)$/.test(one));
  const value = word.filter((one) => Number.isNaN(Number(one)));
  const quoted = fc.stringMatching(/^[a-zA-Z0-9 (),;=<>!~\u{e9}\u{1F600}]{0,8}$/u).map((one) => `"${one}"`);
  const list = fc.array(fc.oneof(value, quoted), { minLength: 1, maxLength: 3 }).map((ones) => `(${ones.join(',')})`);
  const selector = fc.constantFrom('id', 'name', 'description', 'tags');
  const comparison = fc.oneof(
    fc.tuple(
      selector,
      fc.constantFrom('==', '!=', '=lt=', '=le=', '=gt=', '=ge=', '<', '<=', '>', '>='),
      fc.oneof(value, quoted),
    ),
    fc.tuple(selector, fc.constantFrom('=in=', '=out='), list),
  );
  const { filter } = fc.letrec<{ filter: string }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparison.map((parts) => parts.join('')),
      fc
        .tuple(tie('filter'), fc.constantFrom(';', ',', ' and ', ' or '), tie('filter'), fc.boolean())
        .map(([left, join, right, grouped]) => (grouped ? `(${left}${join}${right})` : `${left}${join}${right}`)),
    ),
  }));

  it('means what @rsql/parser reads, if both can say it', () => {
    expect.hasAssertions();
    const holds = fc.property(filter, (one) => {
      expect(flat(parseFilter(one))).toEqual(flat(asFilter(parseRsql(one) as RsqlNode)));
    });
    fc.assert(holds, { seed: SEED, numRuns: 1_000 });
  });
});

interface RsqlNode {
  type: 'LOGIC' | 'COMPARISON' | 'SELECTOR' | 'VALUE';
  operator: string;
  selector: string;
  value: string | string[];
  left: RsqlNode;
  right: RsqlNode;
}

/** What @rsql/parser reads, in our types. It joins two parts at a time. */
function asFilter({ type, operator, left, right }: RsqlNode): Filter {
  if (type === 'LOGIC') {
    const kind = operator.trim() === ';' || operator.trim() === 'and' ? 'and' : 'or';
    return { kind, parts: [asFilter(left), asFilter(right)] };
  }
  const sign = { '=lt=': '<', '=le=': '<=', '=gt=': '>', '=ge=': '>=' }[operator] ?? operator;
  if (/[<>]/.test(sign)) return is(left.selector, order(sign as '<', right.value as string));
  const test = equal(...[right.value].flat());
  return is(left.selector, operator === '!=' || operator === '=out=' ? not(test) : test);
}

/** Joins what is joined the same way. A group in parentheses stays a group, so both sides must be flattened. */
function flat(filter: Filter): Filter {
  if (filter.kind === 'comparison') return filter;
  const parts = filter.parts.map(flat).flatMap((part) => (part.kind === filter.kind ? part.parts : [part]));
  return { ...filter, parts };
}

function outcomeOf(text: string): FilterFault | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterFault) return error;
    throw error;
  }
}

function faultOf(text: string) {
  const { position, expected } = outcomeOf(text) as FilterFault;
  return { position, expected };
}
