import type { Engine } from '../../../config/config.js';
import type { Filter, Test } from '../../filter/filter.js';
import { termOfTag } from '../../search/terms.js';
import type { Bindings } from '../bindings.js';
import { termCondition, termsQuery, type WantedTerm } from './term-condition.js';
import { textCondition } from './text-condition.js';

/** Whether a filter looks for tags in the search data. */
export function asksForTags(filter: Filter): boolean {
  if (filter.kind !== 'comparison') return filter.parts.some(asksForTags);
  return filter.selector.member === 'tags' && wantedTags(filter.test) !== undefined;
}

/** What PostgreSQL looks for in its index of terms to find the items that match: a tsquery, as text. Undefined if a filter is about more than tags. */
export function tagsQuery(filter: Filter): string | undefined {
  if (filter.kind === 'comparison') {
    const { selector, test } = filter;
    const wanted = selector.member === 'tags' && !('isNegated' in test && test.isNegated) && wantedTags(test);
    return wanted ? termsQuery(wanted, 'or') : undefined;
  }
  const parts = filter.parts.map(tagsQuery);
  return parts.includes(undefined) ? undefined : `(${parts.join(filter.kind === 'and' ? ' & ' : ' | ')})`;
}

/** Whether one of the tags passes a test, without its negation; or whether there are tags. */
export function tagCondition(test: Test, engine: Engine, bindings: Bindings): string {
  if (test.kind === 'exists') return `CAST(tags AS text) ${test.isThere ? '<>' : '='} '[]'`;
  const wanted = wantedTags(test);
  if (wanted) return termCondition(wanted, 'or', engine, bindings);
  const [list, tag] =
    engine === 'postgres'
      ? ['json_array_elements_text(tags) AS t (tag)', 'tag COLLATE "C"']
      : ['json_each(tags)', 'value'];
  return `EXISTS (SELECT 1 FROM ${list} WHERE ${textCondition(tag, test, engine, bindings)})`;
}

/** The tags that a test looks for, if it looks for whole tags or their beginnings. */
function wantedTags(test: Test): WantedTerm[] | undefined {
  if (test.kind === 'equal') return test.values.map((tag) => ({ term: termOfTag(tag as string), isBeginning: false }));
  const isBeginning = test.kind === 'like' && (!test.pattern.isOpenBefore || test.pattern.text === '');
  return isBeginning ? [{ term: termOfTag(test.pattern.text), isBeginning }] : undefined;
}
