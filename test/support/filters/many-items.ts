import { queryDirectly } from '../database/direct-sql.js';
import { engine } from '../database/engine.js';
import type { TestApp } from '../test-app.js';

/** The sign before a tag in the terms of an item. */
const TAG = '\uE000';

/** How many items {@link putManyItems} puts in. */
export const MANY = 20_000;

/** Ids and names are in this order. */
export const idOf = (n: number) => `item-${100_000 + n}`;

/**
 * Puts in many items, past the service, with times that rise with their ids. Words, which no name has, and tags:
 * `common`: every item, `half`: every second one, `scarce`: the last 20, `late`: the last 1,500.
 */
export async function putManyItems({ config }: TestApp): Promise<void> {
  const items = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY - 1})`;
  const id = `'item-' || (100000 + i)`;
  const at = `'2026-01-01T00:00:00.' || (100 + i / 100) || 'Z'`;
  const terms = ['common', 'half', 'scarce', 'late']
    .map((word) => `CASE WHEN ${HAVE[word]} THEN ' ${word} ${TAG}${word}' ELSE '' END`)
    .join(' || ');
  const statements = [
    `INSERT INTO items (id, name, tags, attributes, version, revision, created_at, updated_at)
     ${items} SELECT ${id}, 'name-' || (100000 + i), '[]', '{}', 1, '00000000', ${at}, ${at} FROM n`,
    `INSERT INTO item_versions (item_id, version, operation, request_id, command_id, at)
     ${items} SELECT ${id}, 1, 'create', 'r', '00000000-0000-4000-8000-000000000000', ${at} FROM n`,
    engine === 'sqlite'
      ? `INSERT INTO item_terms (rowid, terms)
         ${items} SELECT v.seq, ${terms} FROM n JOIN item_versions AS v ON v.item_id = ${id}`
      : `INSERT INTO item_terms ${items} SELECT ${id}, array_to_tsvector(string_to_array(ltrim(${terms}), ' ')) FROM n`,
  ];
  for (const statement of statements) await queryDirectly(config.database, statement);
}

const HAVE: Record<string, string> = {
  common: 'true',
  half: 'i % 2 = 0',
  scarce: `i >= ${MANY - 20}`,
  late: `i >= ${MANY - 1_500}`,
};

/** How many kB of new terms each search on PostgreSQL reads. They are put in their place by this. SQLite has none. */
export async function newTermsKb({ config }: TestApp): Promise<number> {
  if (engine === 'sqlite') return 0;
  const [row] = await queryDirectly(config.database, `SELECT gin_clean_pending_list('item_terms_terms') AS pages`);
  return Number(row!.pages) * 8;
}
