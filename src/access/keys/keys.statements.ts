import { FOREIGN_MIGRATIONS } from '../../database/migrations/schema.js';

/**
 * A row for each id that is asked for, so that an unknown one can hardly be told by the time of the answer. Without a key, or if it was revoked, all but
 * the id is null.
 */
const findKeys = (asked: string) => `
SELECT asked.value AS id, k.scopes, k.digest, k.previous_digest AS "previousDigest", k.previous_until AS "previousUntil",
       k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt"
FROM ${asked} LEFT JOIN api_keys AS k ON k.id = asked.value AND k.revoked_at IS NULL`;

/** Keys by id. ?1: array of ids as JSON. */
export const SQLITE_FIND_KEYS = findKeys('json_each(?) AS asked');

/** The same. $1: array of ids. */
export const POSTGRES_FIND_KEYS = findKeys('unnest($1::text[]) AS asked (value)');

const IS_DUE = `(k.last_used_at IS NULL OR k.last_used_at <= r.value ->> 'before') AND NOT EXISTS (${FOREIGN_MIGRATIONS})`;

/**
 * Records when keys were used, except where another process has done so a short while ago, or a newer release has changed
 * the schema. ?1: array of {id, at, before} as JSON; times are RFC 3339.
 */
export const SQLITE_RECORD_USES = `
UPDATE api_keys AS k SET last_used_at = r.value ->> 'at'
FROM json_each(?) AS r
WHERE k.id = r.value ->> 'id' AND ${IS_DUE}`;

/**
 * The same. $1 as above. Keys that somebody else is changing are left out, so it waits for nobody. Its rows are the ids that were left
 * out.
 */
export const POSTGRES_RECORD_USES = `
WITH due AS (
  SELECT k.id, r.value ->> 'at' AS at
  FROM json_array_elements($1::json) AS r (value) JOIN api_keys AS k ON k.id = r.value ->> 'id'
  WHERE ${IS_DUE}
), free AS (
  SELECT k.id FROM api_keys AS k WHERE k.id IN (SELECT id FROM due) FOR UPDATE SKIP LOCKED
), recorded AS (
  UPDATE api_keys SET last_used_at = due.at FROM due JOIN free ON free.id = due.id
  WHERE api_keys.id = due.id AND (api_keys.last_used_at IS NULL OR api_keys.last_used_at < due.at)
)
SELECT id FROM due WHERE id NOT IN (SELECT id FROM free)`;
