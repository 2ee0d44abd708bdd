import type { Engine } from '../../../config/config.js';
import { Bindings, type Statement } from '../bindings.js';
import { ATTRIBUTES_MAX_BYTES, DESCRIPTION_MAX, ID_MAX, NAME_MAX, TAG_MAX, TAGS_MAX } from '../item.limits.js';
import { ITEM_MEMBERS } from '../item.members.js';
import { itemBytes, itemJson } from './item-json.js';
import type { ListQuery, Position } from './list-query.js';
import type { Sort } from './sort.js';
import { wayTo, where } from './ways.js';

/** The most content that a page has; the next items come with the next page. One item is always less. */
export const PAGE_MAX_BYTES = 1_048_576;

/** The bytes of a page without its items: `{"items":[],"next":"…","count":…}`. */
const PAGE_FRAME_BYTES = 2_048;

/** The most bytes of an item as JSON: each character of a text can take six, and the names, numbers and times take less than 512. */
const LARGEST_ITEM_BYTES =
  ID_MAX + 6 * (NAME_MAX + DESCRIPTION_MAX + TAGS_MAX * TAG_MAX) + 3 * TAGS_MAX + ATTRIBUTES_MAX_BYTES + 512;

/** Pages of up to so many items always have room for all of them. */
export const SMALL_PAGE = Math.floor((PAGE_MAX_BYTES - PAGE_FRAME_BYTES) / LARGEST_ITEM_BYTES);

/** The only row of a page, as the statement gives it. */
export interface PageRow {
  /** A line of JSON for each item. Absent if only the keys were asked for; null if there are no items. */
  items?: string | null;
  /** A line for each item; null if there are none. See {@link lastPosition}. */
  keys: string | null;
  /** How many items the lines are about. It can be one more than the limit. */
  shown: number;
  /** More than `shown` or than the limit if another page follows. */
  found: number | null;
  count?: number | string;
}

/** A page of items, or only the keys of its items, of which no content is read. */
export function pageStatement(query: ListQuery, what: 'items' | 'keys', engine: Engine): Statement {
  return query.limit <= SMALL_PAGE ? smallPageStatement(query, what, engine) : sizedPageStatement(query, what, engine);
}

/** Items up to one beyond the limit, in their order: an aggregate reads a subquery with a LIMIT in the order of its rows. */
function smallPageStatement(query: ListQuery, what: 'items' | 'keys', engine: Engine): Statement {
  const { sort, limit, members, isCounted } = query;
  const bindings = new Bindings(engine);
  const order = orderOf(sort, ITEM_MEMBERS[sort.member].column, 'id');
  const way = wayTo(query, { following: following(query, bindings), order, limit }, engine, bindings);
  const isWhole = what === 'items';
  const text = `${way.parts.length === 0 ? '' : `\nWITH ${way.parts.join(',\n')}`}
SELECT ${[
    ...(isWhole ? [`string_agg(item, '\n') AS items`] : []),
    `string_agg(key, '\n') AS keys`,
    'CAST(count(*) AS integer) AS shown',
    'CAST(count(*) AS integer) AS found',
    ...(isCounted ? [`${way.count} AS count`] : []),
  ].join(', ')}
FROM (
  SELECT ${isWhole ? `${itemJson(members, engine)} AS item, ` : ''}${keyText(sort, engine)} AS key
  FROM items${where(way.page)}
  ORDER BY ${order} LIMIT CAST(${bindings.add(limit)} AS integer) + 1
) AS page`;
  return { text, values: bindings.values };
}

/**
 * A page of items, as many as limit and bytes allow, but at least one. The database adds up their lengths, so it reads no
 * content of items that are not sent. Attributes count as a whole, also if only some of them are wanted.
 */
function sizedPageStatement(query: ListQuery, what: 'items' | 'keys', engine: Engine): Statement {
  const { sort, limit, members, isCounted } = query;
  const bindings = new Bindings(engine);
  const column = ITEM_MEMBERS[sort.member].column;
  const order = orderOf(sort, column, 'id');
  const way = wayTo(query, { following: following(query, bindings), order, limit }, engine, bindings);
  const most = `CAST(${bindings.add(limit)} AS integer)`;
  const text = `
WITH ${way.parts.map((part) => `${part},\n`).join('')}sized AS (
  SELECT id AS item_id, ${column} AS sort_value, ${itemBytes(members, engine)} AS bytes
  FROM items${where(way.page)}
  ORDER BY ${order} LIMIT ${most} + 1
),
page AS (
  SELECT item_id, row_number() OVER in_order AS place, sum(bytes + 1) OVER in_order AS total, count(*) OVER () AS found
  FROM sized WINDOW in_order AS (ORDER BY ${orderOf(sort, 'sort_value', 'item_id')})
)
SELECT ${[
    ...(what === 'items' ? [`string_agg(${itemJson(members, engine)}, '\n' ORDER BY place) AS items`] : []),
    `string_agg(${keyText(sort, engine)}, '\n' ORDER BY place) AS keys`,
    'CAST(count(*) AS integer) AS shown',
    'CAST(max(found) AS integer) AS found',
    ...(isCounted ? [`${way.count} AS count`] : []),
  ].join(', ')}
FROM page CROSS JOIN items
WHERE id = item_id AND place <= ${most} AND (place = 1 OR total <= ${PAGE_MAX_BYTES - PAGE_FRAME_BYTES})`;
  return { text, values: bindings.values };
}

/** SQL for an order. `value` and `id` are the columns. */
export function orderOf({ member, isDescending }: Sort, value: string, id: string): string {
  const direction = isDescending ? ' DESC' : '';
  return member === 'id' ? `${id}${direction}` : `${value}${direction}, ${id}${direction}`;
}

/** What identifies the state of an item, then the value that the list is sorted by, as JSON: it has no line break. */
export function keyText({ member }: Sort, engine: Engine): string {
  const value = ITEM_MEMBERS[member].column;
  const sortValue = engine === 'sqlite' ? `json_quote(${value})` : `to_json(${value})::text`;
  return `id || ' ' || version || '-' || revision${member === 'id' ? '' : ` || ' ' || ${sortValue}`}`;
}

/** The position of the last item of some keys. */
export function lastPosition(keys: string): Position {
  const [id, , ...value] = keys.slice(keys.lastIndexOf('\n') + 1).split(' ');
  return value.length === 0 ? { id: id! } : { id: id!, value: JSON.parse(value.join(' ')) as string };
}

/** What comes after the position of a page, by the index of the order. */
function following({ sort, after }: ListQuery, bindings: Bindings): string[] {
  if (!after) return [];
  const sign = sort.isDescending ? '<' : '>';
  const id = bindings.add(after.id);
  if (after.value === undefined) return [`id ${sign} ${id}`];
  return [`(${ITEM_MEMBERS[sort.member].column}, id) ${sign} (${bindings.add(after.value)}, ${id})`];
}
