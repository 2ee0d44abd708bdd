import { describe, expect, it } from '@jest/globals';
import { decodeText, parseEnvText } from './env-text.js';

const valuesOf = (text: string) =>
  Object.fromEntries(parseEnvText(text).assignments.map(({ name, value }) => [name, value]));

describe('decodeText', () => {
  const text = 'PORT=3000\r\nPUBLIC_URL=https://ä.example\r\n';
  const utf16be = (content: string) => Buffer.from(content, 'utf16le').swap16();

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, low byte first', Buffer.from(text, 'utf16le')],
    ['UTF-16, low byte first, with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, high byte first', utf16be(text)],
    ['UTF-16, high byte first, with a byte order mark', utf16be(`\uFEFF${text}`)],
  ])('reads %s', (_, bytes) => {
    expect(decodeText(bytes)).toBe(text);
  });

  it.each([
    ['Latin-1', Buffer.from('PUBLIC_URL=https://ä.example', 'latin1')],
    ['half a character of UTF-16', Buffer.from('\uFEFFPORT=1\uD800', 'utf16le')],
    ['half a unit of UTF-16', Buffer.from('\uFEFFPORT=1', 'utf16le').subarray(0, -1)],
    ['UTF-32', Buffer.from('P\0\0\0O\0\0\0R\0\0\0')],
    ['a NUL', Buffer.from('PORT=1\0')],
  ])('does not read %s', (_, bytes) => {
    expect(decodeText(bytes)).toBeUndefined();
  });

  it('reads an empty file', () => {
    expect(decodeText(Buffer.of())).toBe('');
    expect(decodeText(Buffer.of(0xff, 0xfe))).toBe('');
  });
});

describe('parseEnvText', () => {
  it.each([
    ['A=b', { A: 'b' }],
    ['A=b\nC=d', { A: 'b', C: 'd' }],
    ['A=b\r\nC=d\r\n', { A: 'b', C: 'd' }],
    ['A=b\rC=d', { A: 'b', C: 'd' }],
    ['\n# A=x\n  #\n\n  A = b  \n', { A: 'b' }],
    ['export A=b', { A: 'b' }],
    ['A=', { A: '' }],
    ['A=   \nC=d', { A: '', C: 'd' }],
    ['A==b=', { A: '=b=' }],
    ['A=b # c', { A: 'b' }],
    ['A= # c', { A: '' }],
    [`A="b # c " # d`, { A: 'b # c ' }],
    [`A='b "c"'`, { A: 'b "c"' }],
    ['A=`b`', { A: 'b' }],
    ['A="b\\nc"', { A: 'b\nc' }],
    [`A='b\\nc'`, { A: 'b\\nc' }],
    ['A="b\nC=c"\nD=e', { A: 'b\nC=c', D: 'e' }],
    ['#A=b', {}],
  ])('%j sets %j', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
    expect(parseEnvText(text).strayLines).toEqual([]);
    expect(parseEnvText(text).assignments.filter(({ trap }) => trap)).toEqual([]);
  });

  it('numbers the lines of assignments, and lists the stray lines', () => {
    const { assignments, strayLines } = parseEnvText('A="\n"\nPORT 3000\nB: c\n\nset C=d\n1=2\nПORT=1\nE=f');
    expect(assignments.map(({ name, line }) => [name, line])).toEqual([
      ['A', 1],
      ['E', 9],
    ]);
    expect(strayLines).toEqual([3, 4, 6, 7, 8]);
  });

  it.each([
    ['A=b#c', 'has a #'],
    ['A=#b', 'has a #'],
    ['A="b', 'has a quote that is not closed'],
    ["A='it's", 'goes on after its closing quote'],
    ['A="b\nC="d"', 'has a quote that is not closed'],
    ['A="b" c', 'goes on after its closing quote'],
    ['A="b"c # d', 'goes on after its closing quote'],
  ])('%j is a trap: %s', (text, trap) => {
    expect(parseEnvText(text).assignments.slice(0, 1)).toEqual([
      { name: 'A', line: 1, value: expect.any(String), trap: expect.stringContaining(trap) },
    ]);
  });
});
