import { describe, expect, it } from '@jest/globals';
import { cpuMsOf, slowness } from '../../../test/support/cpu-time.js';
import { wordsOf } from './words.js';

describe('wordsOf', () => {
  it.each<[string, string[]]>([
    ['', []],
    [' \t\n-—!*"\'', []],
    ['Bolt M8', ['bolt', 'm8']],
    ['zinc-plated, 10.5mm (DIN_933)', ['zinc', 'plated', '10', '5mm', 'din', '933']],
    ['a A a', ['a']],
    ['Straße STRASSE STRA\u1E9EE strasse', ['strasse']],
    ['Café CAFE\u0301 cafe', ['cafe']],
    ['ΟΔΟΣ οδος οδοσ', ['οδοσ']],
    ['İstanbul ISTANBUL ıstanbul istanbul', ['istanbul']],
    ['ﬁne ＷＩＤＥ x² Ⓐ', ['fine', 'wide', 'x2', 'a']],
    ['Ångström', ['angstrom']],
    ['naïve–naive', ['naive']],
    ['螺栓 M8', ['螺栓', 'm8']],
    ['Болт БОЛТ', ['болт']],
    ['٣ ३', ['٣', '३']],
    ['😀a😀', ['a']],
    ['𝐁𝐨𝐥𝐭 𐐀', ['bolt', '𐐨']],
    ['and OR not NEAR', ['and', 'or', 'not', 'near']],
    ['é'.repeat(70), ['e'.repeat(64)]],
    ['𐐀'.repeat(70), ['𐐨'.repeat(64)]],
    ['x'.repeat(64), ['x'.repeat(64)]],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('gives the same for each character, its upper case, its lower case and all its normal forms', () => {
    const different: string[] = [];
    for (let point = 1; point <= 0x10_ff_ff; point += 1) {
      const character = String.fromCodePoint(point);
      const words = wordsOf(`x${character}`).join(' ');
      const forms = [
        character.toUpperCase(),
        character.toLowerCase(),
        ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => character.normalize(form)),
      ];
      for (const form of new Set(forms)) {
        if (form !== character && wordsOf(`x${form}`).join(' ') !== words) different.push(`${character} ${form}`);
      }
    }
    expect(different).toEqual([]);
  });

  it('gives the words of its words', () => {
    const changed: string[] = [];
    for (let point = 1; point <= 0x10_ff_ff; point += 1) {
      const words = wordsOf(String.fromCodePoint(point)).join(' ');
      if (wordsOf(words).join(' ') !== words) changed.push(words);
    }
    expect(changed).toEqual([]);
  });

  it('takes linear time', () => {
    const parts = ['a', 'é', '\u0301', 'a ', 'é ', '😀'];
    const tookMs = cpuMsOf(() => parts.forEach((part) => wordsOf(part.repeat(100_000))));
    expect(tookMs).toBeLessThan(2_000 * slowness());
  });
});
