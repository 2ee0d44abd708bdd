import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA } from '../../database/migrations/schema.js';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { END_FILLING, type POSTGRES_FILLING } from '../search/search.statements.js';
import { termsOf } from '../search/terms.js';
import { parsed, type ItemRow } from './items.rows.js';

/** Runs a statement in the transaction of the step. */
type Run = <Row>(statement: string, parameters: unknown[]) => Promise<Row[]>;

/**
 * Fills in what the next items are found by. The transaction keeps other writers out, so that no item changes meanwhile. False if
 * all items are filled now.
 */
export async function fillNext(run: Run, statements: typeof POSTGRES_FILLING, limit: number): Promise<boolean> {
  const foreign = await run(FOREIGN_MIGRATIONS, []);
  if (foreign.length > 0) throw new DatabaseFault('unavailable', new Error(FOREIGN_SCHEMA));
  const rows = await run<ItemRow>(statements.next, [limit]);
  const filled = rows.map((row) => ({
    id: row.id,
    version: row.version,
    terms: termsOf({ ...row, tags: parsed(row.tags) }),
  }));
  await run(statements.fill, [JSON.stringify(filled)]);
  const isMore = rows.length === limit;
  await (isMore ? run(statements.note, [rows.at(-1)?.id]) : run(END_FILLING, []));
  return isMore;
}
