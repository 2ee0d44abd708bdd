import { Refused } from '../../command-line/run-command.js';
import type { TableShape } from '../file/table-shape.js';
import { RowTally, type Page } from '../file/row-tally.js';
import { allRows, type StoredRows } from './stored-rows.js';

/** Where rows are put, in a transaction or in a file that has no name yet. */
export interface Place extends StoredRows {
  /** Makes a table empty, which may have rows from a migration. */
  empty(table: TableShape): Promise<void>;
  add(page: Page): Promise<void>;
}

/** What was put there. `content`: the digest of its lines. */
export interface Filled {
  rows: Record<string, number>;
  content: string;
}

/** Puts all rows into a place, then reads them back and compares each. Throws Refused if any is another one. */
export async function fill(place: Place, tables: TableShape[], pages: AsyncIterable<Page>): Promise<Filled> {
  const given = new RowTally();
  for (const table of tables) await place.empty(table);
  for await (const page of pages) {
    given.add(page);
    await place.add(page);
  }
  const kept = new RowTally();
  for await (const page of allRows(place, tables)) kept.add(page);
  const content = given.digest();
  if (kept.digest() !== content) {
    throw new Refused('The database gave back other rows than were put into it, so nothing was kept.');
  }
  return { rows: given.rows, content };
}
