import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';

/** Everything that a database keeps: the bytes of its files with the log, or all rows of all tables as JSON. */
export async function storedBytes(database: DatabaseConfig): Promise<Buffer> {
  if (database.engine === 'sqlite') {
    const folder = dirname(database.path);
    const names = await readdir(folder);
    return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
  }
  const tables = await queryDirectly(database, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  const rows = await Promise.all(
    tables.map(({ name }) => queryDirectly(database, `SELECT row_to_json(t) AS row FROM "${String(name)}" AS t`)),
  );
  return Buffer.from(JSON.stringify(rows));
}
