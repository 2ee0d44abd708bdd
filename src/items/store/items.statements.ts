import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA } from '../../database/migrations/schema.js';
import {
  POSTGRES_ERASE_RECORDS,
  POSTGRES_PUT_RECORDS,
  SQLITE_ERASE_RECORDS,
  SQLITE_PUT_RECORDS,
} from '../../idempotency/idempotency.statements.js';
import { POSTGRES_ERASE_VERSIONS, SQLITE_ERASE_VERSIONS } from '../erasure/erasure.statements.js';
import { POSTGRES_PUT_TERMS, SQLITE_DROP_TERMS, SQLITE_PUT_TERMS } from '../search/search.statements.js';
import { each, selected } from './item.columns.js';
import { VERSION_MEMBERS } from './written-rows.js';

const FIND_ITEMS = `
SELECT ${each(selected)}
FROM items WHERE id`;

/** Items by id, tombstones too. ?1: array of ids as JSON. */
export const SQLITE_FIND_ITEMS = `${FIND_ITEMS} IN (SELECT value FROM json_each(?))`;

/** Items by id, tombstones too. $1: array of ids. JSON comes as text, or the driver would parse that of all rows at once. */
export const POSTGRES_FIND_ITEMS = `
SELECT ${each((member) => (member.type === 'json' ? `CAST(${member.column} AS text) AS ${member.quoted}` : selected(member)))}
FROM items WHERE id = ANY($1)`;

/** Which command made a version of an item. $1: id, $2: version. */
export const POSTGRES_COMMAND_OF_VERSION = 'SELECT command_id FROM item_versions WHERE item_id = $1 AND version = $2';

/*
 * Sets are written from JSON arrays, since thousands of bound parameters would fail ("Expression tree is too large" on
 * SQLite). If a newer release has changed the schema they write nothing: on SQLite they fail, on PostgreSQL they return no
 * row.
 */

const COLUMNS = each(({ column }) => column);

/** A new row of an id takes the place of the old one, but for members that stay. */
const REPLACE_ROW = (...kept: string[]) =>
  `ON CONFLICT (id) DO UPDATE SET ${each(({ column }) => `${column} = excluded.${column}`, ['id', ...kept])}`;

/** States of versions. ?1: array of {itemId, version} as JSON. */
export const SQLITE_FIND_STATES = `
SELECT v.item_id AS "itemId", v.version, v.snapshot, v.request_id AS "requestId", v.command_id AS "commandId"
FROM json_each(?) AS r
JOIN item_versions AS v ON v.item_id = r.value ->> 'itemId' AND v.version = r.value ->> 'version'`;

/** The same. $1 as above. */
export const POSTGRES_FIND_STATES = `
SELECT v.item_id AS "itemId", v.version, v.snapshot, v.request_id AS "requestId", v.command_id AS "commandId"
FROM json_to_recordset($1::json) AS r ("itemId" varchar, version integer)
JOIN item_versions AS v ON v.item_id = r."itemId" AND v.version = r.version`;

/** What was done under keys, with the item as it was then. ?1: array of {caller, key} as JSON. */
export const SQLITE_FIND_RECORDS = `
SELECT k.caller, k.key, k.position, k.fingerprint, k.status, k.minimal, k.at, k.item_id AS "itemId", k.version, v.snapshot, v.request_id AS "requestId",
       v.command_id AS "commandId"
FROM json_each(?) AS r
JOIN idempotency_keys AS k ON k.caller = r.value ->> 'caller' AND k.key = r.value ->> 'key'
LEFT JOIN item_versions AS v ON v.item_id = k.item_id AND v.version = k.version`;

/** The same. $1 as above. */
export const POSTGRES_FIND_RECORDS = `
SELECT k.caller, k.key, k.position, k.fingerprint, k.status, k.minimal, k.at, k.item_id AS "itemId", k.version, v.snapshot, v.request_id AS "requestId",
       v.command_id AS "commandId"
FROM json_to_recordset($1::json) AS r (caller varchar, key varchar)
JOIN idempotency_keys AS k ON k.caller = r.caller AND k.key = r.key
LEFT JOIN item_versions AS v ON v.item_id = k.item_id AND v.version = k.version`;

const SQLITE_PUT_ITEMS = (rows: string, replaceRow: string) => `
  INSERT INTO items (${COLUMNS})
  SELECT ${each(({ place }) => `value ->> ${place}`)}
  FROM json_each(${rows}) WHERE true
  ${replaceRow};`;

/** A view, and the trigger that fills the tables from what is inserted into it. */
const SQLITE_CREATE = (view: string, more: string) => `
CREATE TEMP VIEW IF NOT EXISTS ${view} AS
  SELECT '' AS kept, '' AS moved, '' AS versions, '' AS terms, '' AS records, '' AS expired_before;
CREATE TEMP TRIGGER IF NOT EXISTS on_${view} INSTEAD OF INSERT ON ${view} BEGIN
  SELECT RAISE(ABORT, '${FOREIGN_SCHEMA}') WHERE EXISTS (${FOREIGN_MIGRATIONS});
${SQLITE_DROP_TERMS}

  INSERT INTO item_versions (item_id, version, operation, snapshot, actor, request_id, command_id, at)
  SELECT ${VERSION_MEMBERS.map((_, place) => `value ->> ${place}`).join(', ')}
  FROM json_each(NEW.versions) ORDER BY key;
${SQLITE_PUT_ITEMS('NEW.kept', REPLACE_ROW('name', 'createdAt'))}
${SQLITE_PUT_ITEMS('NEW.moved', REPLACE_ROW())}
${SQLITE_PUT_TERMS}
${SQLITE_PUT_RECORDS}
${more}
END;`;

/**
 * SQLite writes a set by one INSERT into a temporary view, whose trigger fills the tables: one statement, and so one
 * transaction. Columns: kept and moved items, versions and terms (see arraysOf), records (array of IdempotencyRecord), and a time: if
 * there are records, older ones are deleted. SQLite writes an index again if its column is set, even to the same value. There is another
 * view for sets that erase.
 */
export const SQLITE_CREATE_WRITE_SETS =
  SQLITE_CREATE('write_set', '') + SQLITE_CREATE('erasing_set', SQLITE_ERASE_VERSIONS + SQLITE_ERASE_RECORDS);

/** Writes a set. ?1 to ?6: the columns above. */
export const SQLITE_PUT = 'INSERT INTO write_set VALUES (?, ?, ?, ?, ?, ?)';

/** The same if the set has erasures. */
export const SQLITE_PUT_ERASING = 'INSERT INTO erasing_set VALUES (?, ?, ?, ?, ?, ?)';

/** Key of the advisory lock that each writer holds until its transaction ends. */
export const WRITE_LOCK = 4_937_002;

/** Waits until no other write is under way, and keeps others waiting until the transaction ends. */
export const POSTGRES_TAKE_TURN = `SELECT pg_advisory_xact_lock(${WRITE_LOCK})`;

const POSTGRES_PUT_VERSIONS_AND_ITEMS = (terms: string, more: string) => `
WITH turn AS MATERIALIZED (${POSTGRES_TAKE_TURN} WHERE NOT EXISTS (${FOREIGN_MIGRATIONS})),
history AS (
  INSERT INTO item_versions (item_id, version, operation, snapshot, actor, request_id, command_id, at)
  SELECT r.value ->> 'itemId', (r.value ->> 'version')::integer, r.value ->> 'operation',
         (r.value ->> 'snapshot')::json, r.value ->> 'actor', r.value ->> 'requestId', r.value ->> 'commandId',
         r.value ->> 'at'
  FROM turn, json_array_elements($2::json) WITH ORDINALITY AS r (value, position) ORDER BY r.position
)${more},
changed AS (
  INSERT INTO items (${COLUMNS})
  SELECT ${each(({ quoted, type }) => (type === 'json' ? `r.${quoted}::json` : `r.${quoted}`))}
  FROM turn, json_to_recordset($1::json) AS r (${each(({ quoted, type }) => `${quoted} ${type === 'json' ? 'text' : type}`)})
  ${REPLACE_ROW()}
),${POSTGRES_PUT_TERMS(terms)}
SELECT 1 FROM turn`;

/**
 * All in one statement, and so in one transaction. $1: items, $2: versions, $3: terms, as arrays of objects. Every part selects from the lock.
 * It makes the order of sequence numbers the order of commits, which readers of item_versions rely on.
 */
export const POSTGRES_PUT = POSTGRES_PUT_VERSIONS_AND_ITEMS('$3', '');

/** The same with records of keys. $3: array of IdempotencyRecord, $4: the time before which old ones are deleted, $5: terms. */
export const POSTGRES_PUT_WITH_RECORDS = POSTGRES_PUT_VERSIONS_AND_ITEMS('$5', `,${POSTGRES_PUT_RECORDS}`);

/** The same if the set has erasures. */
export const POSTGRES_PUT_ERASING = POSTGRES_PUT_VERSIONS_AND_ITEMS(
  '$5',
  `,${POSTGRES_PUT_RECORDS},${POSTGRES_ERASE_VERSIONS},${POSTGRES_ERASE_RECORDS}`,
);
