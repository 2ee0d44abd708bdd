import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from '../database/direct-sql.js';

/** What each table has, read by statements of the tests' own. JSON as text, numbers as numbers. */
const STATEMENTS = {
  items: `SELECT id, name, description, CAST(tags AS text) AS tags, CAST(attributes AS text) AS attributes, version, revision,
    created_at, updated_at, deleted_at FROM items`,
  versions: `SELECT seq, item_id, version, operation, CAST(snapshot AS text) AS snapshot, actor, request_id, command_id, at
    FROM item_versions`,
  records: `SELECT caller, key, position, fingerprint, status, minimal, item_id, version, command_id, at FROM idempotency_keys`,
  keys: `SELECT id, name, scopes, digest, previous_digest, previous_until, created_at, expires_at, rotated_at, revoked_at,
    last_used_at FROM api_keys`,
  trimming: 'SELECT walked_to, trimmed_to FROM history_trimming',
};

export type StoredRows = Record<keyof typeof STATEMENTS, string[]>;

/** Every row of a database, each as JSON, in an order that does not depend on the engine. */
export async function storedRowsOf(database: DatabaseConfig): Promise<StoredRows> {
  const found = Object.entries(STATEMENTS).map(async ([table, statement]) => {
    const rows = await queryDirectly(database, statement);
    return [table, rows.map(textOf).sort()];
  });
  return Object.fromEntries(await Promise.all(found)) as StoredRows;
}

// PostgreSQL's driver gives 64-bit numbers as text.
function textOf(row: Record<string, unknown>): string {
  const numbers = ['seq', 'walked_to', 'trimmed_to'];
  return JSON.stringify(row, (name, value: unknown) => (numbers.includes(name) ? Number(value) : value));
}
