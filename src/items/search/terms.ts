import { wordsOf } from './words.js';

/** Begins the term of a tag. It is no letter, so no word begins with it. */
const TAG = '\uE000';

/** Comes before the number of a character that a term can't have: SQLite would split the term there, or take A for a. */
const ESCAPE = '\uE001';
const ESCAPED = /[\0-\x2f\x3a-\x60\x7b-\x7f\uE001]/g;

/** What an item is found by: its words, and each of its tags as a whole. With spaces between them. */
export function termsOf(item: { name: string; description: string | null; tags: string[] }): string {
  const { name, description, tags } = item;
  const words = wordsOf(`${name} ${description ?? ''} ${tags.join(' ')}`);
  return [...words, ...tags.map(termOfTag)].join(' ');
}

/** The term of a tag. It begins with the term of whatever the tag begins with. */
export function termOfTag(tag: string): string {
  return TAG + tag.replace(ESCAPED, escaped);
}

// Always two digits, so that no escape is the beginning of another one.
function escaped(character: string): string {
  return ESCAPE + (character === ESCAPE ? '80' : character.charCodeAt(0).toString(16).padStart(2, '0'));
}
