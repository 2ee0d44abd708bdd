import type { Engine } from '../../../config/config.js';
import type { Bindings } from '../bindings.js';
import { filterCondition } from '../filter/filter-condition.js';
import { tagsQuery } from '../filter/tag-condition.js';
import { isFoundBy, qCondition, wordsQuery } from '../filter/term-condition.js';
import type { ListQuery } from './list-query.js';

/** How many of the next items of a list are looked at, for each item of a page, to see whether enough of them have the terms. */
const NEXT_FOR_EACH = 10;

/** So many items are always taken from the index of terms and sorted. */
const FEW = 1_000;

/** How the items of a list are found. */
export interface Way {
  /** Parts of WITH that the conditions name. */
  parts: string[];
  /** Conditions on the items of the page, joined by AND. Other pages may have items that don't meet them. */
  page: string[];
  /** How many items the list has: an expression. */
  count: string;
}

/** Where a page is, in expressions about the columns of `items`. */
interface PageOfList {
  /** What holds behind the position after which it begins. */
  following: string[];
  order: string;
  limit: number;
}

/** The way to the items of a page. */
export function wayTo(query: ListQuery, page: PageOfList, engine: Engine, bindings: Bindings): Way {
  const { filter, words, ids, isWithDeleted } = query;
  const present = isWithDeleted ? [] : ['deleted_at IS NULL'];
  // SQLite goes by its index of terms whenever there are terms.
  const terms = engine === 'postgres' && !ids ? termsOf(query) : undefined;
  if (terms) {
    const others = terms.others.map((other) => filterCondition(other, engine, bindings));
    return wayByTerms(terms.query, present, others, page, bindings);
  }
  const conditions = [
    ...present,
    ...(ids ? [idsCondition(ids, engine, bindings)] : []),
    ...(words ? [qCondition(words, engine, bindings)] : []),
    ...(filter ? [filterCondition(filter, engine, bindings)] : []),
  ];
  return { parts: [], page: [...conditions, ...page.following], count: countOf(conditions) };
}

/** The terms that all items of a list have, as a tsquery, and what else they meet. */
function termsOf({ filter, words }: ListQuery) {
  const all = filter?.kind === 'and' ? filter.parts : filter ? [filter] : [];
  const tags = all.map(tagsQuery);
  const queries = [...(words ? [wordsQuery(words)] : []), ...tags.filter((query) => query !== undefined)];
  if (queries.length === 0) return undefined;
  return { query: queries.join(' & '), others: all.filter((_, n) => tags[n] === undefined) };
}

/*
 * PostgreSQL does not know how many items have a term that is not among the most common ones. It guesses so many that it would walk along
 * the list for a page of them, to its end if need be. So it is told which way to go (decision 95). If the next items have a page of
 * them, that is the page: its LIMIT takes the rows of the subquery in their order. Else the index of terms says which items have them, up to a
 * bound. To fill a page of p by walking past n items takes n * p / m steps if m have the terms, the index m: it is better up to the root of
 * n * p. If more have them, PostgreSQL chooses.
 */
function wayByTerms(terms: string, present: string[], others: string[], page: PageOfList, bindings: Bindings): Way {
  const query = `${bindings.add(terms)}::tsquery`;
  const [most, next] = [page.limit + 1, NEXT_FOR_EACH * (page.limit + 1)].map(
    (n) => `CAST(${bindings.add(n)} AS integer)`,
  );
  const conditions = [...present, ...others];
  const inOrder = `ORDER BY ${page.order} LIMIT`;
  // The terms of one item after the other: a join might begin with all that have them.
  const hasTerms = `(SELECT terms FROM item_terms WHERE item_terms.id = item.id) @@ ${query}`;
  const near = `
  SELECT id FROM (SELECT id, deleted_at FROM items${where(page.following)} ${inOrder} ${next}) AS item
 ${where([...present, hasTerms])} LIMIT ${most}`;
  const chosen = `
  SELECT id FROM items${where([isFoundBy(query), ...conditions, ...page.following])} ${inOrder} ${most}`;
  const areFew = 'cardinality((SELECT ids FROM few)) <= (SELECT most FROM bound)';
  const parts = [
    `near AS MATERIALIZED (SELECT ARRAY(${near}) AS ids)`,
    `bound AS MATERIALIZED (
  SELECT CAST(sqrt(greatest(${most} * reltuples, ${FEW * FEW})) AS integer) AS most FROM pg_class WHERE oid = 'items'::regclass)`,
    // By itself it is planned as if all of it were read, but is read only as far as it is needed. With the LIMIT it could become a walk, too.
    `matching AS MATERIALIZED (SELECT id FROM item_terms WHERE terms @@ ${query})`,
    `few AS MATERIALIZED (SELECT CASE WHEN cardinality((SELECT ids FROM near)) < ${most}
  THEN ARRAY(SELECT id FROM matching LIMIT (SELECT most + 1 FROM bound)) END AS ids)`,
    `found AS MATERIALIZED (SELECT CASE WHEN ${areFew} THEN (SELECT ids FROM few)${
      others.length === 0 ? ' WHEN (SELECT ids FROM few) IS NULL THEN (SELECT ids FROM near)' : ''
    } ELSE ARRAY(${chosen}) END AS ids)`,
  ];
  const [few, all] = [isIn('few'), isFoundBy(query)].map((condition) => countOf([condition, ...conditions]));
  return {
    parts,
    page: [isIn('found'), ...conditions, ...page.following],
    count: `CASE WHEN ${areFew} THEN ${few} ELSE ${all} END`,
  };
}

function isIn(part: 'few' | 'found'): string {
  return `id = ANY((SELECT ids FROM ${part})::varchar[])`;
}

function countOf(conditions: string[]): string {
  return `(SELECT count(*) FROM items${where(conditions)})`;
}

function idsCondition(ids: string[], engine: Engine, bindings: Bindings): string {
  return engine === 'sqlite'
    ? `id IN (SELECT value FROM json_each(${bindings.add(JSON.stringify(ids))}))`
    : `id = ANY(${bindings.add(ids)}::varchar[])`;
}

/** A WHERE clause, or nothing. */
export function where(conditions: string[]): string {
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
