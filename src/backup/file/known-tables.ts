import type { Header } from './header.js';

/** The tables that backups have, and the schema that each is there from on. Nothing is done to any other table. */
export const KNOWN_TABLES: Record<string, number> = {
  items: 1_764_000_000_000,
  item_versions: 1_764_000_000_000,
  idempotency_keys: 1_764_000_000_002,
  api_keys: 1_764_000_000_006,
  history_trimming: 1_764_000_000_010,
};

/** Whether a file has the tables of its schema: each once, and no other. */
export function hasTablesOfSchema({ schema, tables }: Pick<Header, 'schema' | 'tables'>): boolean {
  const expected = Object.keys(KNOWN_TABLES).filter((name) => KNOWN_TABLES[name]! <= schema);
  const found = tables.map(({ name }) => name);
  return expected.length > 0 && found.length === expected.length && expected.every((name) => found.includes(name));
}
