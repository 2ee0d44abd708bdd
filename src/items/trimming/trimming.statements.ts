/*
 * A version is trimmed once the one after it is old enough, since until then it was the current one. So the walk goes over the
 * successors, in the order of their sequence numbers: each version comes up once, and the newest of an item, which has no successor,
 * never does. history_trimming says how far the walk came.
 */

const IS_DUE = (before: string) => `
SELECT 1 FROM history_trimming AS t JOIN item_versions AS v
ON v.seq = (SELECT seq FROM item_versions WHERE seq > t.walked_to ORDER BY seq LIMIT 1)
WHERE v.at < ${before}`;

/** A row if the next version was made before a time (RFC 3339). ?1: the time. */
export const SQLITE_IS_DUE = IS_DUE('?');

/** The same. $1 as above. */
export const POSTGRES_IS_DUE = IS_DUE('$1');

const POSITION = 'SELECT walked_to AS "walkedTo" FROM history_trimming';

const NEXT = (after: string, limit: string) => `
SELECT w.seq, w.at, w.item_id AS "itemId", w.version - 1 AS "oldVersion",
       (SELECT v.seq FROM item_versions AS v WHERE v.item_id = w.item_id AND v.version = w.version - 1) AS "oldSeq"
FROM item_versions AS w WHERE w.seq > ${after} ORDER BY w.seq LIMIT ${limit}`;

/**
 * The statements of a step. `position` locks the one row of the position; no row: another process has it. `next`: the versions behind
 * the position, each with the one before it, whose number is null if it is not there; 1: the position, 2: how many at most. `records`: those of keys
 * that point at some versions; 1: array of {itemId, oldVersion} as JSON. `forget` deletes these records, and with each the others of its request; 1: the same. `trim`
 * deletes versions; 1: their sequence numbers, on SQLite as JSON. `note`; 1: the position, 2: the highest number that was deleted.
 */
export const SQLITE_TRIMMING = {
  position: POSITION,
  next: NEXT('?', '?'),
  records: `
SELECT k.item_id AS "itemId", k.version AS "oldVersion", k.at FROM json_each(?) AS r
JOIN idempotency_keys AS k ON k.item_id = r.value ->> 'itemId' AND k.version = r.value ->> 'oldVersion'`,
  forget: `
DELETE FROM idempotency_keys WHERE (caller, key) IN (
  SELECT k.caller, k.key FROM json_each(?) AS r
  JOIN idempotency_keys AS k ON k.item_id = r.value ->> 'itemId' AND k.version = r.value ->> 'oldVersion')`,
  trim: 'DELETE FROM item_versions WHERE seq IN (SELECT value FROM json_each(?))',
  note: 'UPDATE history_trimming SET walked_to = ?, trimmed_to = max(trimmed_to, ?)',
};

const POSTGRES_OLD = `json_to_recordset($1::json) AS r ("itemId" varchar, "oldVersion" integer)`;

/** The same. */
export const POSTGRES_TRIMMING = {
  position: `${POSITION} FOR UPDATE SKIP LOCKED`,
  next: NEXT('$1', '$2'),
  records: `
SELECT k.item_id AS "itemId", k.version AS "oldVersion", k.at FROM ${POSTGRES_OLD}
JOIN idempotency_keys AS k ON k.item_id = r."itemId" AND k.version = r."oldVersion"`,
  forget: `
DELETE FROM idempotency_keys WHERE (caller, key) IN (
  SELECT k.caller, k.key FROM ${POSTGRES_OLD}
  JOIN idempotency_keys AS k ON k.item_id = r."itemId" AND k.version = r."oldVersion")`,
  trim: 'DELETE FROM item_versions WHERE seq = ANY(ARRAY(SELECT json_array_elements_text($1::json)::bigint))',
  note: 'UPDATE history_trimming SET walked_to = $1, trimmed_to = greatest(trimmed_to, $2)',
};
