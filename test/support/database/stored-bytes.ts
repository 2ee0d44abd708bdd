import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import { queryDirectly } from './direct-sql.js';

/** Everything that a database keeps: the bytes of its files with the log, or all rows of all tables as JSON. */
export async function storedBytes(database: DatabaseConfig): Promise<Buffer> {
  if (database.engine === 'sqlite') {
    const folder = dirname(database.path);
    const names = await readdir(folder);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
    return Buffer.concat(files.flatMap(partsOf));
  }
  const tables = await queryDirectly(database, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  const rows = await Promise.all(
    tables.map(({ name }) => queryDirectly(database, `SELECT row_to_json(t) AS row FROM "${String(name)}" AS t`)),
  );
  return Buffer.from(JSON.stringify(rows));
}

const PAGE_BYTES = 4_096;

/** A page of a value of zeros begins with the number of the next one. */
const NUMBER_BYTES = 4;
const ZEROS = Buffer.alloc(PAGE_BYTES - NUMBER_BYTES);

/** What is in a file beside pages of zeros, which may be most of it. */
function partsOf(file: Buffer): Buffer[] {
  const starts = Array.from({ length: Math.ceil(file.length / PAGE_BYTES) }, (_, n) => n * PAGE_BYTES);
  const pages = starts.map((start) => file.subarray(start, start + PAGE_BYTES));
  return pages.filter((page) => !page.subarray(NUMBER_BYTES).equals(ZEROS));
}
