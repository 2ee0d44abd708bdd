import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA } from '../../database/migrations/schema.js';
import { each, selected } from './item.columns.js';

const FIND_ITEMS = `
SELECT ${each(selected)}
FROM items WHERE id`;

/** Items by id, tombstones too. ?1: array of ids as JSON. */
export const SQLITE_FIND_ITEMS = `${FIND_ITEMS} IN (SELECT value FROM json_each(?))`;

/** Items by id, tombstones too. $1: array of ids. */
export const POSTGRES_FIND_ITEMS = `${FIND_ITEMS} = ANY($1)`;

/** Which command made a version of an item. $1: id, $2: version. */
export const POSTGRES_COMMAND_OF_VERSION = 'SELECT command_id FROM item_versions WHERE item_id = $1 AND version = $2';

/** Which command was recorded under a key. $1: caller, $2: key. */
export const POSTGRES_COMMAND_OF_KEY = 'SELECT command_id FROM idempotency_keys WHERE caller = $1 AND key = $2';

/*
 * Sets are written from JSON arrays, since thousands of bound parameters would fail ("Expression tree is too large" on
 * SQLite). If a newer release has changed the schema they write nothing: on SQLite they fail, on PostgreSQL they return no
 * row.
 */

const COLUMNS = each(({ column }) => column);

/** A new row of an id takes the place of the old one. */
const REPLACE_ROW = `ON CONFLICT (id) DO UPDATE SET ${each(({ column }) => `${column} = excluded.${column}`, ['id'])}`;

/** The most old records that one write deletes: few enough to take no time. */
const FORGOTTEN_AT_ONCE = 100;

/** What was done under keys, with the item as it was then. ?1: array of {caller, key} as JSON. */
export const SQLITE_FIND_RECORDS = `
SELECT k.caller, k.key, k.fingerprint, k.status, k.minimal, k.at, v.snapshot, v.command_id AS "commandId"
FROM json_each(?) AS r
JOIN idempotency_keys AS k ON k.caller = r.value ->> 'caller' AND k.key = r.value ->> 'key'
LEFT JOIN item_versions AS v ON v.item_id = k.item_id AND v.version = k.version`;

/** The same. $1 as above. */
export const POSTGRES_FIND_RECORDS = `
SELECT k.caller, k.key, k.fingerprint, k.status, k.minimal, k.at, v.snapshot, v.command_id AS "commandId"
FROM json_to_recordset($1::json) AS r (caller varchar, key varchar)
JOIN idempotency_keys AS k ON k.caller = r.caller AND k.key = r.key
LEFT JOIN item_versions AS v ON v.item_id = k.item_id AND v.version = k.version`;

/** Deletes one record if it was made before a time. ?1: caller, ?2: key, ?3: the time. */
export const SQLITE_FORGET_RECORD = 'DELETE FROM idempotency_keys WHERE caller = ? AND key = ? AND at < ?';

/** The same. $1 to $3 as above. */
export const POSTGRES_FORGET_RECORD = 'DELETE FROM idempotency_keys WHERE caller = $1 AND key = $2 AND at < $3';

const OLDEST_RECORDS = (before: string) => `
  SELECT caller, key FROM idempotency_keys WHERE at < ${before} ORDER BY at LIMIT ${FORGOTTEN_AT_ONCE}`;

/**
 * SQLite writes a set by one INSERT into a temporary view, whose trigger fills the tables: one statement, and so one
 * transaction. Columns: items (array of Item with distinct ids, JSON members as strings), versions (array of ItemVersion in
 * order, snapshot as a JSON string), records (array of IdempotencyRecord), and a time: if there are records, older ones are
 * deleted.
 */
export const SQLITE_CREATE_WRITE_SET = `
CREATE TEMP VIEW IF NOT EXISTS write_set AS SELECT '' AS items, '' AS versions, '' AS records, '' AS expired_before;
CREATE TEMP TRIGGER IF NOT EXISTS write INSTEAD OF INSERT ON write_set BEGIN
  SELECT RAISE(ABORT, '${FOREIGN_SCHEMA}') WHERE EXISTS (${FOREIGN_MIGRATIONS});

  INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
  SELECT value ->> 'itemId', value ->> 'version', value ->> 'operation', value ->> 'snapshot', value ->> 'requestId',
         value ->> 'commandId', value ->> 'at'
  FROM json_each(NEW.versions) ORDER BY key;

  INSERT INTO items (${COLUMNS})
  SELECT ${each(({ name }) => `value ->> '${name}'`)}
  FROM json_each(NEW.items) WHERE true
  ${REPLACE_ROW};

  INSERT INTO idempotency_keys (caller, key, fingerprint, status, minimal, item_id, version, command_id, at)
  SELECT value ->> 'caller', value ->> 'key', value ->> 'fingerprint', value ->> 'status', value ->> 'minimal',
         value ->> 'itemId', value ->> 'version', value ->> 'commandId', value ->> 'at'
  FROM json_each(NEW.records);

  DELETE FROM idempotency_keys
  WHERE NEW.records <> '[]' AND (caller, key) IN (${OLDEST_RECORDS('NEW.expired_before')});
END`;

/** Writes a set. ?1 to ?4: the columns above. */
export const SQLITE_PUT = 'INSERT INTO write_set VALUES (?, ?, ?, ?)';

/** Key of the advisory lock that each writer holds until its transaction ends. */
export const WRITE_LOCK = 4_937_002;

/** Waits until no other write is under way, and keeps others waiting until the transaction ends. */
export const POSTGRES_TAKE_TURN = `SELECT pg_advisory_xact_lock(${WRITE_LOCK})`;

const POSTGRES_PUT_VERSIONS_AND_ITEMS = (more: string) => `
WITH turn AS MATERIALIZED (${POSTGRES_TAKE_TURN} WHERE NOT EXISTS (${FOREIGN_MIGRATIONS})),
history AS (
  INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
  SELECT r.value ->> 'itemId', (r.value ->> 'version')::integer, r.value ->> 'operation',
         (r.value ->> 'snapshot')::json, r.value ->> 'requestId', r.value ->> 'commandId', r.value ->> 'at'
  FROM turn, json_array_elements($2::json) WITH ORDINALITY AS r (value, position) ORDER BY r.position
)${more},
changed AS (
  INSERT INTO items (${COLUMNS})
  SELECT ${each(({ quoted, type }) => (type === 'json' ? `r.${quoted}::json` : `r.${quoted}`))}
  FROM turn, json_to_recordset($1::json) AS r (${each(({ quoted, type }) => `${quoted} ${type === 'json' ? 'text' : type}`)})
  ${REPLACE_ROW}
)
SELECT 1 FROM turn`;

/**
 * Both in one statement, and so in one transaction. $1: items, $2: versions, as above. Every part selects from the lock.
 * It makes the order of sequence numbers the order of commits, which readers of item_versions rely on.
 */
export const POSTGRES_PUT = POSTGRES_PUT_VERSIONS_AND_ITEMS('');

/** The same with records of keys. $3: array of IdempotencyRecord, $4: the time before which old ones are deleted. */
export const POSTGRES_PUT_WITH_RECORDS = POSTGRES_PUT_VERSIONS_AND_ITEMS(`,
records AS (
  INSERT INTO idempotency_keys (caller, key, fingerprint, status, minimal, item_id, version, command_id, at)
  SELECT r.caller, r.key, r.fingerprint, r.status, r.minimal, r."itemId", r.version, r."commandId", r.at
  FROM turn, json_to_recordset($3::json) AS r (caller varchar, key varchar, fingerprint varchar, status integer,
    minimal integer, "itemId" varchar, version integer, "commandId" varchar, at varchar)
),
forgotten AS (
  DELETE FROM idempotency_keys USING turn WHERE (caller, key) IN (${OLDEST_RECORDS('$4')})
)`);
