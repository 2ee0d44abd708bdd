/** Which command was recorded first under a key. $1: caller, $2: key. */
export const POSTGRES_COMMAND_OF_KEY =
  'SELECT command_id FROM idempotency_keys WHERE caller = $1 AND key = $2 AND position = 0';

/** Deletes the records of a key if they were made before a time. ?1: caller, ?2: key, ?3: the time. */
export const SQLITE_FORGET_RECORD = 'DELETE FROM idempotency_keys WHERE caller = ? AND key = ? AND at < ?';

/** The same. $1 to $3 as above. */
export const POSTGRES_FORGET_RECORD = 'DELETE FROM idempotency_keys WHERE caller = $1 AND key = $2 AND at < $3';

const COLUMNS = 'caller, key, position, fingerprint, status, minimal, item_id, version, command_id, at';

/** The most old records that one write deletes: few enough to take no time. */
const FORGOTTEN_AT_ONCE = 100;

const OLDEST_RECORDS = (before: string) => `
  SELECT caller, key FROM idempotency_keys WHERE at < ${before} ORDER BY at LIMIT ${FORGOTTEN_AT_ONCE}`;

/**
 * Part of the trigger that writes a set: its records. NEW.records: array of IdempotencyRecord as JSON, NEW.expired_before: a
 * time. If there are records, older ones are deleted.
 */
export const SQLITE_PUT_RECORDS = `
  INSERT INTO idempotency_keys (${COLUMNS})
  SELECT value ->> 'caller', value ->> 'key', value ->> 'position', value ->> 'fingerprint', value ->> 'status', value ->> 'minimal',
         value ->> 'itemId', value ->> 'version', value ->> 'commandId', value ->> 'at'
  FROM json_each(NEW.records);

  DELETE FROM idempotency_keys
  WHERE NEW.records <> '[]' AND (caller, key) IN (${OLDEST_RECORDS('NEW.expired_before')});`;

/** Part of the statement that writes a set with records. $3: array of IdempotencyRecord, $4: the time. Both select from its lock. */
export const POSTGRES_PUT_RECORDS = `
records AS (
  INSERT INTO idempotency_keys (${COLUMNS})
  SELECT r.caller, r.key, r.position, r.fingerprint, r.status, r.minimal, r."itemId", r.version, r."commandId", r.at
  FROM turn, json_to_recordset($3::json) AS r (caller varchar, key varchar, position integer, fingerprint varchar, status integer,
    minimal integer, "itemId" varchar, version integer, "commandId" varchar, at varchar)
),
forgotten AS (
  DELETE FROM idempotency_keys USING turn WHERE (caller, key) IN (${OLDEST_RECORDS('$4')})
)`;

/**
 * Part of the trigger that writes a set with erasures: takes the digests of what was erased out of the records that point at it,
 * and out of the others of their requests. NEW.versions: array of arrays as JSON, each with item id, version and operation first.
 */
export const SQLITE_ERASE_RECORDS = `
  UPDATE idempotency_keys SET fingerprint = ''
  WHERE (caller, key) IN (
    SELECT k.caller, k.key FROM json_each(NEW.versions) AS e
    JOIN idempotency_keys AS k ON k.item_id = e.value ->> 0 AND k.version < e.value ->> 1
    WHERE e.value ->> 2 = 'erase');`;

/** Part of the statement that writes a set with erasures: the same. $2: array of ItemVersion as JSON. It selects from its lock. */
export const POSTGRES_ERASE_RECORDS = `
erased_records AS (
  UPDATE idempotency_keys SET fingerprint = ''
  FROM turn WHERE (caller, key) IN (
    SELECT k.caller, k.key FROM json_to_recordset($2::json) AS e ("itemId" varchar, version integer, operation varchar)
    JOIN idempotency_keys AS k ON k.item_id = e."itemId" AND k.version < e.version
    WHERE e.operation = 'erase')
)`;
