const FIND_ITEMS = `
SELECT id, name, description, attributes, version, created_at AS "createdAt", updated_at AS "updatedAt",
       deleted_at AS "deletedAt"
FROM items WHERE id`;

/** Items by id, tombstones too. ?1: array of ids as JSON. */
export const SQLITE_FIND_ITEMS = `${FIND_ITEMS} IN (SELECT value FROM json_each(?))`;

/** Items by id, tombstones too. $1: array of ids. */
export const POSTGRES_FIND_ITEMS = `${FIND_ITEMS} = ANY($1)`;

/** Which command made a version of an item. $1: id, $2: version. */
export const POSTGRES_COMMAND_OF = 'SELECT command_id FROM item_versions WHERE item_id = $1 AND version = $2';

/*
 * The writes as sets. Each takes its rows as one JSON array: thousands of bound parameters would fail
 * ("Expression tree is too large" on SQLite).
 */

/** Appends versions in the order given. ?1: array of ItemVersion, snapshot as a JSON string. */
export const SQLITE_PUT_VERSIONS = `
INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
SELECT value ->> 'itemId', value ->> 'version', value ->> 'operation', value ->> 'snapshot', value ->> 'requestId',
       value ->> 'commandId', value ->> 'at'
FROM json_each(?) ORDER BY key`;

/** Inserts or overwrites items. ?1: array of Item with distinct ids, attributes as a JSON string. */
export const SQLITE_PUT_ITEMS = `
INSERT INTO items (id, name, description, attributes, version, created_at, updated_at, deleted_at)
SELECT value ->> 'id', value ->> 'name', value ->> 'description', value ->> 'attributes', value ->> 'version',
       value ->> 'createdAt', value ->> 'updatedAt', value ->> 'deletedAt'
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
  attributes = excluded.attributes, version = excluded.version, created_at = excluded.created_at,
  updated_at = excluded.updated_at, deleted_at = excluded.deleted_at`;

/** Waits until no other write is under way, and keeps others waiting until the transaction ends. */
export const POSTGRES_TAKE_TURN = 'SELECT pg_advisory_xact_lock(4937002)';

/**
 * Both in one statement, and so in one transaction. $1: items, $2: versions, as above. The lock makes the order in which
 * writes commit the order of their sequence numbers, which readers of item_versions rely on; every part selects from it.
 */
export const POSTGRES_PUT = `
WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(4937002)),
history AS (
  INSERT INTO item_versions (item_id, version, operation, snapshot, request_id, command_id, at)
  SELECT r.value ->> 'itemId', (r.value ->> 'version')::integer, r.value ->> 'operation',
         (r.value ->> 'snapshot')::json, r.value ->> 'requestId', r.value ->> 'commandId', r.value ->> 'at'
  FROM turn, json_array_elements($2::json) WITH ORDINALITY AS r (value, position) ORDER BY r.position
)
INSERT INTO items (id, name, description, attributes, version, created_at, updated_at, deleted_at)
SELECT r.id, r.name, r.description, r.attributes::json, r.version, r."createdAt", r."updatedAt", r."deletedAt"
FROM turn, json_to_recordset($1::json) AS r (id varchar, name varchar, description varchar, attributes text,
  version integer, "createdAt" varchar, "updatedAt" varchar, "deletedAt" varchar)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description,
  attributes = excluded.attributes, version = excluded.version, created_at = excluded.created_at,
  updated_at = excluded.updated_at, deleted_at = excluded.deleted_at`;
