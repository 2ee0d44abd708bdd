/*
 * The search data: the terms of each item, also of one that is deleted. The statement that writes items writes them, too.
 *
 * SQLite: item_terms, an FTS5 table that keeps no content. Its rows have the sequence numbers of the current versions of the
 * items, so item_versions says which item a row is about. PostgreSQL: item_terms has a row for each item.
 */

/**
 * Part of the trigger that writes a set on SQLite: drops the terms that the items had. NEW.terms: see arraysOf.
 */
export const SQLITE_DROP_TERMS = `
  DELETE FROM item_terms WHERE rowid IN (
    SELECT v.seq FROM json_each(NEW.terms) AS r
    JOIN item_versions AS v ON v.item_id = r.value ->> 0 AND v.version = r.value ->> 3);`;

/** `id`, `version`, `terms`: where these are in a row. */
const SQLITE_PUT = (rows: string, [id, version, terms]: [id: string, version: string, terms: string]) => `
  INSERT OR REPLACE INTO item_terms (rowid, terms)
  SELECT v.seq, r.value ->> ${terms}
  FROM json_each(${rows}) AS r JOIN item_versions AS v ON v.item_id = r.value ->> ${id} AND v.version = r.value ->> ${version}`;

/** Part of the same trigger, after the versions are written: the terms of the items. */
export const SQLITE_PUT_TERMS = `${SQLITE_PUT('NEW.terms', ['0', '1', '2'])};`;

const POSTGRES_PUT = (from: string) => `
  INSERT INTO item_terms (id, terms)
  SELECT r.id, array_to_tsvector(string_to_array(r.terms, ' '))
  FROM ${from} AS r (id varchar, terms text)
  ON CONFLICT (id) DO UPDATE SET terms = excluded.terms WHERE item_terms.terms <> excluded.terms`;

/** Part of the statement that writes a set on PostgreSQL. `terms`: the parameter with them; see objectsOf. It selects from its lock. */
export const POSTGRES_PUT_TERMS = (terms: string) => `
searched AS (${POSTGRES_PUT(`turn, json_to_recordset(${terms}::json)`)}
)`;

/*
 * The terms of items from a release without search are filled in by steps. search_filling has a row until that is done, with the
 * id up to which it came.
 */

/** A row if there are items left to fill. */
export const IS_FILLING = 'SELECT 1 FROM search_filling';

const NEXT_TO_FILL = `
SELECT id, name, description, tags, version FROM items
WHERE id > (SELECT filled_to FROM search_filling) ORDER BY id LIMIT`;

const NOTE_FILLED = 'UPDATE search_filling SET filled_to =';

/** Notes that all items are filled. */
export const END_FILLING = 'DELETE FROM search_filling';

/** `next` selects items, tombstones too. ?1: how many at most. `fill`: ?1: array of {id, version, terms} as JSON. `note`: ?1: the last id. */
export const SQLITE_FILLING = {
  next: `${NEXT_TO_FILL} ?`,
  fill: SQLITE_PUT('?', [`'id'`, `'version'`, `'terms'`]),
  note: `${NOTE_FILLED} ?`,
};

/** The same. */
export const POSTGRES_FILLING = {
  next: `${NEXT_TO_FILL} $1`,
  fill: POSTGRES_PUT('json_to_recordset($1::json)'),
  note: `${NOTE_FILLED} $1`,
};
