import type { TestApp } from '../test-app.js';
import { queryDirectly } from './direct-sql.js';
import { engine } from './engine.js';

/** Erases what an item is found by, as operators are told to (docs/operations.md). */
export async function eraseTerms({ config }: TestApp, id: string): Promise<void> {
  const rows =
    engine === 'sqlite' ? `rowid IN (SELECT seq FROM item_versions WHERE item_id = '${id}')` : `id = '${id}'`;
  await queryDirectly(config.database, `DELETE FROM item_terms WHERE ${rows}`);
}
