import { describe, expect, it } from '@jest/globals';
import { asIJson } from './i-json.js';

describe('[K12] asIJson', () => {
  it.each([
    ['a\u{1f600}é\u2028', 'a\u{1f600}é\u2028'],
    ['a\ud800b', String.raw`a\ud800b`],
    ['\udc00\ud800', String.raw`\udc00\ud800`],
    ['\ud83d\u{1f600}', `${String.raw`\ud83d`}\u{1f600}`],
    ['\ufffe\uffff\ufdd0\ufffd', `${String.raw`\ufffe\uffff\ufdd0`}\ufffd`],
    ['\u{1fffe}\u{10ffff}', String.raw`\ud83f\udffe\udbff\udfff`],
  ])('%j', (text, expected) => {
    expect(asIJson(text)).toBe(expected);
    expect(asIJson({ a: [text, 1, null, { b: text }], c: true })).toEqual({
      a: [expected, 1, null, { b: expected }],
      c: true,
    });
  });
});
