import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';

/** What exists of a database: the files in its folder, or its tables. A failed start adds nothing. */
export async function remainsOf(database: DatabaseConfig): Promise<unknown[]> {
  if (database.engine === 'sqlite') return readdir(dirname(database.path));
  return queryDirectly(database, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
}
