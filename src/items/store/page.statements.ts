import { each, selected } from './item.columns.js';
import { ITEM_MEMBERS, SHOWN_MEMBERS, type Member } from './item.members.js';

/** The most content that a page has; the next items come with the next page. One item is always less. */
export const PAGE_MAX_BYTES = 1_048_576;

/** The columns of an item that is not deleted. JSON as text on both engines. */
const ITEM_COLUMNS = each(
  (member) => (member.type === 'json' ? `CAST(${member.column} AS text) AS ${member.quoted}` : selected(member)),
  ['deletedAt'],
);

/** The keys of a page, from which its entity-tag is made. */
const KEY_COLUMNS = 'id, version, revision';

/** The bytes of a page without its items: `{"items":[],"next":"…"}`. */
const PAGE_FRAME_BYTES = 256;

const SHOWN: [name: string, member: Member<unknown>][] = SHOWN_MEMBERS.map((name) => [name, ITEM_MEMBERS[name]]);

/** Values of few bytes are not counted one by one. */
const fixedBytesOf = (member: Member<unknown>) => (member.role === 'read-only' ? member.jsonBytes : undefined);

/** The bytes of an item without the values that are counted: its braces and, for each member, name, quotes, colon and comma. */
const ITEM_FRAME_BYTES = SHOWN.reduce(
  (bytes, [name, member]) => bytes + name.length + 4 + (fixedBytesOf(member) ?? 0),
  2,
);

/** The bytes of a member in JSON. On SQLite JSON is text, whose length is known without reading it. */
const SQLITE_BYTES = ({ column, type }: Member<unknown>) =>
  `octet_length(${type === 'json' ? column : `json_quote(${column})`})`;
const POSTGRES_BYTES = ({ column }: Member<unknown>) => `octet_length(to_json(${column})::text)`;

/** The same of all values of an item that are counted; one that is absent has none. */
const countedBytes = (bytesOf: (member: Member<unknown>) => string) =>
  SHOWN.filter(([, member]) => fixedBytesOf(member) === undefined)
    .map(([, member]) => `coalesce(${bytesOf(member)}, 0)`)
    .join(' + ');

/**
 * The page after an id: items in the order of their ids, as many as limit and bytes allow, but at least one. The database
 * adds up their lengths, so it reads no content that is not sent. `found` is larger than the number of rows if another page
 * follows. ?1: the id, ?2: the limit.
 */
const findPage = (columns: string, bytesOf: (member: Member<unknown>) => string, sign: '?' | '$') => `
WITH sized AS (
  SELECT id AS item_id, ${countedBytes(bytesOf)} + ${ITEM_FRAME_BYTES} AS bytes
  FROM items WHERE deleted_at IS NULL AND id > ${sign}1 ORDER BY id LIMIT CAST(${sign}2 AS integer) + 1
),
page AS (
  SELECT item_id, row_number() OVER by_id AS place, sum(bytes) OVER by_id AS total, count(*) OVER () AS found
  FROM sized WINDOW by_id AS (ORDER BY item_id)
)
SELECT ${columns}, CAST(found AS integer) AS found
FROM page CROSS JOIN items
WHERE id = item_id AND place <= CAST(${sign}2 AS integer)
  AND (place = 1 OR total <= ${PAGE_MAX_BYTES - PAGE_FRAME_BYTES})
ORDER BY id`;

/** The items of a page, and what its entity-tag is made of. */
export const SQLITE_FIND_PAGE = {
  items: findPage(ITEM_COLUMNS, SQLITE_BYTES, '?'),
  keys: findPage(KEY_COLUMNS, SQLITE_BYTES, '?'),
};

/** The same. */
export const POSTGRES_FIND_PAGE = {
  items: findPage(ITEM_COLUMNS, POSTGRES_BYTES, '$'),
  keys: findPage(KEY_COLUMNS, POSTGRES_BYTES, '$'),
};
