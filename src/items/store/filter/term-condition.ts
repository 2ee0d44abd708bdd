import type { Engine } from '../../../config/config.js';
import type { Bindings } from '../bindings.js';

/** A term to look for, or the beginning of one. */
export interface WantedTerm {
  term: string;
  isBeginning: boolean;
}

/**
 * Whether each of these words begins a word of the item, as an expression about the column `id` of `items`. An index serves it.
 * `words`: from wordsOf; one at least.
 */
export function qCondition(words: string[], engine: Engine, bindings: Bindings): string {
  return termCondition(
    words.map((term) => ({ term, isBeginning: true })),
    'and',
    engine,
    bindings,
  );
}

/** Whether the item has all of these terms, or one at least. */
export function termCondition(wanted: WantedTerm[], join: 'and' | 'or', engine: Engine, bindings: Bindings): string {
  // Terms have no quotes, and nothing else has a meaning for the query languages within quotes.
  if (engine === 'postgres') {
    const terms = wanted.map(({ term, isBeginning }) => `'${term}'${isBeginning ? ':*' : ''}`);
    const query = bindings.add(terms.join(join === 'and' ? ' & ' : ' | '));
    return `id IN (SELECT id FROM item_terms WHERE terms @@ ${query}::tsquery)`;
  }
  const terms = wanted.map(({ term, isBeginning }) => `"${term}"${isBeginning ? ' *' : ''}`);
  const query = bindings.add(terms.join(join === 'and' ? ' AND ' : ' OR '));
  return `id IN (SELECT item_id FROM item_versions WHERE seq IN (SELECT rowid FROM item_terms WHERE item_terms MATCH ${query}))`;
}
