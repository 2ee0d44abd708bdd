import type { Engine } from '../../../config/config.js';
import { Bindings, type Statement } from '../bindings.js';

/** The most content of a page of versions; the next ones come with the next page. One version is always less. */
export const VERSIONS_MAX_BYTES = 1_048_576;

/** The most bytes of a version without its item, and of a page without its versions. */
const FRAME_BYTES = 1_024;

const COLUMNS = `version, operation, CAST(snapshot AS text) AS snapshot, actor, request_id AS "requestId", command_id AS "commandId", at`;

/**
 * A page of the versions of an item, the newest first: those before a version, as many as limit and bytes allow, but at least
 * one. `found` is larger than the number of rows if another page follows.
 */
export function versionsStatement(itemId: string, before: number, limit: number, engine: Engine): Statement {
  const bindings = new Bindings(engine);
  const id = bindings.add(itemId);
  const most = `CAST(${bindings.add(limit)} AS integer)`;
  const bytes = engine === 'sqlite' ? 'octet_length(snapshot)' : 'octet_length(snapshot::text)';
  const text = `
WITH sized AS (
  SELECT version AS item_version, coalesce(${bytes}, 0) + ${FRAME_BYTES} AS bytes
  FROM item_versions WHERE item_id = ${id} AND version < ${bindings.add(before)} ORDER BY version DESC LIMIT ${most} + 1
),
page AS (
  SELECT item_version, row_number() OVER newest AS place, sum(bytes) OVER newest AS total, count(*) OVER () AS found
  FROM sized WINDOW newest AS (ORDER BY item_version DESC)
)
SELECT ${COLUMNS}, CAST(found AS integer) AS found
FROM page CROSS JOIN item_versions
WHERE item_id = ${id} AND version = item_version AND place <= ${most}
  AND (place = 1 OR total <= ${VERSIONS_MAX_BYTES - FRAME_BYTES})
ORDER BY version DESC`;
  return { text, values: bindings.values };
}

/** One version of an item. */
export function versionStatement(itemId: string, version: number, engine: Engine): Statement {
  const bindings = new Bindings(engine);
  const text = `
SELECT ${COLUMNS} FROM item_versions WHERE item_id = ${bindings.add(itemId)} AND version = ${bindings.add(version)}`;
  return { text, values: bindings.values };
}

/**
 * The newest version of an item that was made at a time (RFC 3339, UTC, milliseconds) or before. Times rise with the versions,
 * which run without a gap, so it is found by halves.
 */
export function versionAtStatement(itemId: string, at: string, engine: Engine): Statement {
  const bindings = new Bindings(engine);
  const id = bindings.add(itemId);
  const time = bindings.add(at);
  // Both at once would read all of them on SQLite.
  const ofItem = `FROM item_versions WHERE item_id = ${id}`;
  const text = `
WITH RECURSIVE halves (low, high) AS (
  SELECT (SELECT min(version) ${ofItem}), (SELECT max(version) ${ofItem})
  UNION ALL
  SELECT CASE WHEN at <= ${time} THEN version ELSE low END, CASE WHEN at <= ${time} THEN high ELSE version - 1 END
  FROM halves CROSS JOIN item_versions WHERE item_id = ${id} AND version = (low + high + 1) / 2 AND low < high
)
SELECT ${COLUMNS} FROM halves CROSS JOIN item_versions
WHERE low = high AND item_id = ${id} AND version = low AND at <= ${time}`;
  return { text, values: bindings.values };
}
