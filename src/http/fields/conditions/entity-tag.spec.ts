import { describe, expect, it } from '@jest/globals';
import { alteredTag, parseTagList } from './entity-tag.js';

describe('alteredTag', () => {
  const current = '"3-9f86d081"';

  it.each([
    'W/"3-9f86d081"',
    '"3-9f86d081-gzip"',
    '"3-9f86d081;gzip"',
    '"3-9f86d081--gzip"',
    '"3-9f86d081-br"',
    '"3-9f86d081-df"',
    'W/"3-9f86d081-gzip"',
  ])('[F9] is %s', (tag) => {
    expect(alteredTag(['"other"', tag], current)).toBe(tag);
  });

  it.each([
    [current],
    ['"3-9f86d081-x"'],
    ['"3-9f86d081gzip"'],
    ['W/"2-9f86d081"'],
    ['"2-9f86d081-gzip"'],
    ['"-gzip"'],
  ])('[F9] is none of %s', (...tags) => {
    expect(alteredTag(tags, current)).toBeUndefined();
  });

  it('is none of *, and none where the current tag is weak', () => {
    expect(alteredTag('*', current)).toBeUndefined();
    expect(alteredTag(['W/"x"'], 'W/"x"')).toBeUndefined();
  });
});

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
