import { termsOf } from '../../../src/items/search/terms.js';
import { queryDirectly } from '../database/direct-sql.js';
import { engine } from '../database/engine.js';
import type { TestApp } from '../test-app.js';

/** An item as it is put in. `at`: when it was created (RFC 3339, in UTC with milliseconds). */
export interface PutItem {
  id: string;
  name: string;
  description?: string;
  tags: string[];
  attributes?: object;
  at: string;
}

/** SQLite takes a million bytes in one statement. */
const AT_ONCE = 1_000;

/** Puts in many new items, past the service, with what they are found by. A thousand take as long as five requests. */
export async function putItems({ config }: TestApp, items: PutItem[]): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    for (const statement of insertionsOf(items.slice(from, from + AT_ONCE))) {
      await queryDirectly(config.database, statement);
    }
  }
}

function insertionsOf(items: PutItem[]): string[] {
  const rows = items.map(({ id, name, description, tags, attributes = {}, at }) =>
    valuesOf(id, name, description ?? null, JSON.stringify(tags), JSON.stringify(attributes), at, at),
  );
  const versions = items.map(({ id, at }) => valuesOf(id, at));
  const terms = items.map(({ description = null, ...item }) => valuesOf(item.id, termsOf({ ...item, description })));
  const json = engine === 'sqlite' ? 'text' : 'json';
  return [
    `WITH i (id, name, description, tags, attributes, created_at, updated_at) AS (VALUES ${rows.join()})
     INSERT INTO items (id, name, description, tags, attributes, version, revision, created_at, updated_at)
     SELECT id, name, description, CAST(tags AS ${json}), CAST(attributes AS ${json}), 1, '00000000', created_at, updated_at FROM i`,
    `WITH i (id, at) AS (VALUES ${versions.join()})
     INSERT INTO item_versions (item_id, version, operation, request_id, command_id, at)
     SELECT id, 1, 'create', 'r', '00000000-0000-4000-8000-000000000000', at FROM i`,
    `WITH i (id, terms) AS (VALUES ${terms.join()})
     INSERT INTO item_terms ${
       engine === 'sqlite'
         ? '(rowid, terms) SELECT v.seq, terms FROM i JOIN item_versions AS v ON v.item_id = i.id'
         : `SELECT id, array_to_tsvector(string_to_array(terms, ' ')) FROM i`
     }`,
  ];
}

function valuesOf(...values: (string | null)[]): string {
  return `(${values.map((value) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`)).join()})`;
}
