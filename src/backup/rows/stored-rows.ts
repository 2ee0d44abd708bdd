import type { Page } from '../file/row-tally.js';
import type { TableShape } from '../file/table-shape.js';

/** How many rows are read at once. A row has a megabyte at most. */
export const ROWS_AT_ONCE = 64;

/** The rows in a database, as one transaction sees them. Errors are those of the driver. */
export interface StoredRows {
  /** The rows of a table in the order of its key, by code points, a few at a time. At least one page, if with no rows. */
  pages(table: TableShape): AsyncIterable<Page>;
}

/** All rows of all tables. `pause` is waited for behind each page; it gets how long reading the page took, in milliseconds. */
export async function* allRows(
  stored: StoredRows,
  tables: TableShape[],
  pause?: (tookMs: number) => Promise<unknown>,
): AsyncGenerator<Page> {
  let from = performance.now();
  for (const table of tables) {
    for await (const page of stored.pages(table)) {
      const tookMs = performance.now() - from;
      yield page;
      await pause?.(tookMs);
      from = performance.now();
    }
  }
}
