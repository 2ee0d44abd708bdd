import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../items/filter/parse-filter.js';
import { INDEXED_ATTRIBUTES } from './indexed-attributes.js';
import { Misfit } from './misfit.js';

const read = (text: string) => INDEXED_ATTRIBUTES.parse(text);

describe('INDEXED_ATTRIBUTES', () => {
  it.each([
    ['thread', [['thread']]],
    ['thread,price', [['thread'], ['price']]],
    ['size.width, "a.b".c ,d', [['size', 'width'], ['a.b', 'c'], ['d']]],
    [`"it's",'a,b'."\\"x\\"\\\\"`, [["it's"], ['a,b', '"x"\\']]],
    ['"attributes".x', [['attributes', 'x']]],
    ['attributes', [['attributes']]],
    ['a.b,"a".b,a', [['a', 'b'], ['a']]],
    ['größe.\\n', [['größe', '\\n']]],
  ])('reads %s', (text, paths) => {
    expect(read(text)).toEqual(paths);
  });

  it('reads a path as a filter does', () => {
    const paths = ['a', 'a.b.c', '"x.y".z', `'it"s'`, `"it's"`, '"\\*\\"\\\\"', 'a\\b', 'ä.ö'];
    for (const path of paths) {
      expect(parseFilter(`attributes.${path}==1`)).toMatchObject({ selector: { path: (read(path) as string[][])[0] } });
    }
  });

  it.each([',', 'a,', ',a', 'a,,b', Array.from({ length: 21 }, (_, n) => `a${n}`).join(',')])('refuses %s', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    'a..b',
    '.a',
    'a.',
    'a b',
    '"a',
    'a"b"',
    '"\\n"',
    'a=b',
    '(a)',
    '""a',
    'a;b',
    'x'.repeat(33).split('').join('.'),
  ])('names the path %s that is none', (path) => {
    const misfit = read(`good,"also.good",${path}`) as Misfit;
    expect(misfit).toBeInstanceOf(Misfit);
    expect(misfit.expected).toEqual([expect.stringContaining(`: ${path} `)]);
  });

  it('names each path that is none', () => {
    const { expected } = read('a..b,good,attributes.price') as Misfit;
    expect(expected).toEqual([
      expect.stringMatching(/: a\.\.b is no such path$/),
      'written without attributes. in front: price. An attribute of that name is "attributes"',
    ]);
  });
});
