import type { Engine } from '../../../config/config.js';
import { ITEM_MEMBERS } from '../item.members.js';
import { itemJson } from './item-json.js';
import type { ListQuery, Position } from './list-query.js';
import { keyText, orderOf, SMALL_PAGE, type PageRow } from './page.statements.js';
import type { Sort } from './sort.js';

/*
 * Small pages of all items, which differ in where they begin. They read a few rows of an index each, so one statement reads those
 * of several requests; see TimedQueries.rowFor.
 */

/** Between the parts of a page. JSON text and keys have no such character. */
const SEPARATOR = '\u001e';

/** Gives a row for each element of a JSON array, which are positions. */
export interface PlainPageStatement {
  text: string;
  /** Of this page: the id, and before it the value that the list is sorted by; empty for the first page. */
  element: string[];
  values: unknown[];
}

/** A row of the statement. */
export interface PlainPageRow {
  /** How many items, their keys and their JSON, with {@link SEPARATOR} between them. */
  page: string;
}

/** Whether a page can be read by {@link plainPageStatement}: it is small, and nothing chooses items or counts them. */
export function isPlain({ limit, filter, words, ids, isCounted }: ListQuery): boolean {
  return limit <= SMALL_PAGE && filter === undefined && words === undefined && ids === undefined && !isCounted;
}

/** The pages of several requests, or only the keys of their items. They have the items up to one beyond the limit, in their order. */
export function plainPageStatement(query: ListQuery, what: 'items' | 'keys', engine: Engine): PlainPageStatement {
  const { sort, limit, members, isWithDeleted, after } = query;
  const isWhole = what === 'items';
  const conditions = [...(isWithDeleted ? [] : ['deleted_at IS NULL']), ...(after ? [following(sort)] : [])];
  const parts = [
    'count(*)',
    ...[`key`, ...(isWhole ? ['item'] : [])].map((part) => `coalesce(string_agg(${part}, '\n'), '')`),
  ];
  const page = `
SELECT ${parts.join(` || '${SEPARATOR}' || `)} FROM (
  SELECT ${keyText(sort, engine)} AS key${isWhole ? `, ${itemJson(members, engine)} AS item` : ''}
  FROM items${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}
  ORDER BY ${orderOf(sort, ITEM_MEMBERS[sort.member].column, 'id')} LIMIT CAST(${engine === 'sqlite' ? '?2' : '$2'} AS integer) + 1
) AS page`;
  const text =
    engine === 'sqlite'
      ? `SELECT p.key AS at, (${page}) AS page FROM json_each(?1) AS p`
      : `SELECT CAST(p.place - 1 AS integer) AS at, (${page}) AS page FROM json_array_elements($1::json) WITH ORDINALITY AS p (value, place)`;
  return { text, element: after ? elementOf(after) : [], values: [limit] };
}

/** Reads a row of the statement. */
export function readPlainPage({ page }: PlainPageRow): PageRow {
  const [count, keys, items] = page.split(SEPARATOR);
  return { items, keys: keys!, shown: Number(count), found: Number(count) };
}

/** What comes after the position of an element, by the index of the order. */
function following({ member, isDescending }: Sort): string {
  const sign = isDescending ? '<' : '>';
  if (member === 'id') return `id ${sign} (p.value ->> 0)`;
  return `(${ITEM_MEMBERS[member].column}, id) ${sign} (p.value ->> 0, p.value ->> 1)`;
}

function elementOf({ id, value }: Position): string[] {
  return value === undefined ? [id] : [value, id];
}
