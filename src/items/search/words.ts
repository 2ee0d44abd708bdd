/** The longest word that is told from others, in code points. Of a longer one the beginning counts. */
const WORD_MAX = 64;

const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORD = /[a-z0-9]+/g;
const MARKS = /\p{M}+/gu;
const WORD = /[\p{L}\p{N}]+/gu;

/**
 * The words of a text, each once: runs of letters and digits, without regard to case, accents and width. So `Straße`, `STRASSE`
 * and `strasse` are one word.
 */
export function wordsOf(text: string): string[] {
  if (ASCII.test(text)) return unique(text.toLowerCase().match(ASCII_WORD));
  return unique(folded(text).match(WORD));
}

/**
 * Without case and accents. Upper case alone would keep ẞ, lower case alone ß; so both, and then σ for ς, which toLowerCase
 * makes at the end of a word (Unicode 16, §3.13.3, §5.18).
 */
function folded(text: string): string {
  const caseless = text.normalize('NFKD').toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return caseless.normalize('NFKD').replace(MARKS, '');
}

function unique(found: string[] | null): string[] {
  return [...new Set((found ?? []).map(shortened))];
}

function shortened(word: string): string {
  return word.length <= WORD_MAX ? word : Array.from(word).slice(0, WORD_MAX).join('');
}
