import { describe, expect, it } from '@jest/globals';
import { cpuMsOf, slowness } from '../../../test/support/cpu-time.js';
import { wordsOf } from './words.js';

/** Every assigned character, without those of private use: each of the others has one form. */
const CHARACTERS = Array.from({ length: 0x10_ff_ff }, (_, n) => String.fromCodePoint(n + 1)).filter(
  (character) => !/[\p{Unassigned}\p{Private_Use}]/u.test(character),
);

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
    let compared = 0;
    for (const character of CHARACTERS) {
      const forms = new Set([
        character.toUpperCase(),
        character.toLowerCase(),
        ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => character.normalize(form)),
      ]);
      forms.delete(character);
      if (forms.size === 0) continue;
      const words = wordsOf(`x${character}`).join(' ');
      for (const form of forms) {
        compared += 1;
        if (wordsOf(`x${form}`).join(' ') !== words) different.push(`${character} ${form}`);
      }
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
  });

  it('gives the words of its words', () => {
    const changed: string[] = [];
    for (const character of CHARACTERS) {
      const words = wordsOf(character).join(' ');
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
