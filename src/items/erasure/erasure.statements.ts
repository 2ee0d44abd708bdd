/*
 * A version of the operation `erase` erases all earlier ones of its item. The statement that writes it does so, too.
 */

/** Part of the trigger that writes a set on SQLite. NEW.versions: array of arrays as JSON, each with item id, version and operation first. */
export const SQLITE_ERASE_VERSIONS = `
  UPDATE item_versions SET snapshot = NULL, request_id = ''
  FROM json_each(NEW.versions) AS e
  WHERE e.value ->> 2 = 'erase' AND item_versions.item_id = e.value ->> 0
    AND item_versions.version < e.value ->> 1 AND item_versions.request_id <> '';

  INSERT INTO erasures (seq)
  SELECT v.seq FROM json_each(NEW.versions) AS e
  JOIN item_versions AS v ON v.item_id = e.value ->> 0 AND v.version = e.value ->> 1
  WHERE e.value ->> 2 = 'erase';`;

/**
 * Part of the statement that writes a set on PostgreSQL. $2: array of ItemVersion as JSON. It selects from its lock. It does not see the
 * versions of the same set, which must be erased in it.
 */
export const POSTGRES_ERASE_VERSIONS = `
erased_versions AS (
  UPDATE item_versions AS v SET snapshot = NULL, request_id = ''
  FROM turn, json_to_recordset($2::json) AS e ("itemId" varchar, version integer, operation varchar)
  WHERE e.operation = 'erase' AND v.item_id = e."itemId" AND v.version < e.version AND v.request_id <> ''
)`;

/*
 * On SQLite what was erased may still be in the file: in segments of the full-text index, unused parts of pages, and the write-ahead log.
 * `erasures` has the versions that erased it, until it is gone.
 */

/** The last version that erased something which may still be in the file, and how many there are. */
export const LAST_ERASURE = 'SELECT max(seq) AS seq, count(*) AS count FROM erasures';

/** Notes that it is gone. ?1: the last version that erased something. */
export const FORGET_ERASURES = 'DELETE FROM erasures WHERE seq <= ?';

/** Pages that one step of merging the full-text index writes: few enough that writes wait for milliseconds only. */
const MERGED_PAGES = 64;

/**
 * Merges the segments of the full-text index into one, by steps. Terms of deleted rows stay in a segment until then. Whether
 * there is more to do shows in total_changes() (sqlite.org/fts5.html, "The 'merge' Command").
 */
export const BEGIN_MERGE = `INSERT INTO item_terms (item_terms, rank) VALUES ('merge', -${MERGED_PAGES})`;
export const GO_ON_MERGING = `INSERT INTO item_terms (item_terms, rank) VALUES ('merge', ${MERGED_PAGES})`;

/** The size of the file, in bytes. */
export const FILE_BYTES = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
