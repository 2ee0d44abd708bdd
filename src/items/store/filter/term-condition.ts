import type { Engine } from '../../../config/config.js';
import type { Bindings } from '../bindings.js';

/** A term to look for, or the beginning of one. */
export interface WantedTerm {
  term: string;
  isBeginning: boolean;
}

/** Whether each of these words begins a word of the item; see termCondition. `words`: from wordsOf; one at least. */
export function qCondition(words: string[], engine: Engine, bindings: Bindings): string {
  return termCondition(beginnings(words), 'and', engine, bindings);
}

/**
 * Whether the item has all of these terms, or one at least, as an expression about the column `id` of `items`. An index
 * serves it.
 */
export function termCondition(wanted: WantedTerm[], join: 'and' | 'or', engine: Engine, bindings: Bindings): string {
  if (engine === 'postgres') return isFoundBy(`${bindings.add(termsQuery(wanted, join))}::tsquery`);
  // Terms have no quotes, and nothing else has a meaning for the query languages within quotes.
  const terms = wanted.map(({ term, isBeginning }) => `"${term}"${isBeginning ? ' *' : ''}`);
  const query = bindings.add(terms.join(join === 'and' ? ' AND ' : ' OR '));
  return `id IN (SELECT item_id FROM item_versions WHERE seq IN (SELECT rowid FROM item_terms WHERE item_terms MATCH ${query}))`;
}

/** The same on PostgreSQL. `query`: an expression of the type tsquery. */
export function isFoundBy(query: string): string {
  return `id IN (SELECT id FROM item_terms WHERE terms @@ ${query})`;
}

/** What PostgreSQL looks for: a tsquery, as text. */
export function termsQuery(wanted: WantedTerm[], join: 'and' | 'or'): string {
  const terms = wanted.map(({ term, isBeginning }) => `'${term}'${isBeginning ? ':*' : ''}`);
  return `(${terms.join(join === 'and' ? ' & ' : ' | ')})`;
}

/** The same for words; see qCondition. */
export function wordsQuery(words: string[]): string {
  return termsQuery(beginnings(words), 'and');
}

function beginnings(words: string[]): WantedTerm[] {
  return words.map((term) => ({ term, isBeginning: true }));
}
