import { describe, expect, it } from '@jest/globals';
import { parseTagList } from './entity-tag.js';

describe('parseTagList', () => {
  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"3"', ['"3"']],
    ['W/"3"', ['W/"3"']],
    ['""', ['""']],
    ['"3", W/"4","5"', ['"3"', 'W/"4"', '"5"']],
    ['"a,b"', ['"a,b"']],
    ['"a b"', undefined],
    ['"\u00e4!#~"', ['"\u00e4!#~"']],
    [', "3",\t, "4" ,', ['"3"', '"4"']],
  ])('%j is read as %j', (field, tags) => {
    expect(parseTagList(field)).toEqual(tags);
  });

  it.each([
    '',
    ' ',
    ',',
    '3',
    '"3',
    '3"',
    "'3'",
    '"3" "4"',
    '"3";"4"',
    'w/"3"',
    'W/3',
    '*, "3"',
    '"3", *',
    '*,*',
    '\u00a0*',
    '"\u007f"',
  ])('[D16] [F12] %j is none', (field) => {
    expect(parseTagList(field)).toBeUndefined();
  });

  it('reads 16 KiB of anything in no time', () => {
    const began = process.cpuUsage();
    for (const piece of [' ', ',', ' ,', '"', '"" ', 'W/', '"",']) {
      parseTagList(`${piece.repeat(16_384 / piece.length)}x`);
      parseTagList(`"a"${piece.repeat(16_384 / piece.length)}x`);
    }
    expect(process.cpuUsage(began).user).toBeLessThan(500_000);
  });
});
