const FIND_KEYS = `
SELECT id, scopes, digest, previous_digest AS "previousDigest", previous_until AS "previousUntil", expires_at AS "expiresAt",
       last_used_at AS "lastUsedAt"
FROM api_keys WHERE revoked_at IS NULL AND id`;

/** Keys by id, without revoked ones. ?1: array of ids as JSON. */
export const SQLITE_FIND_KEYS = `${FIND_KEYS} IN (SELECT value FROM json_each(?))`;

/** The same. $1: array of ids. */
export const POSTGRES_FIND_KEYS = `${FIND_KEYS} = ANY($1)`;
