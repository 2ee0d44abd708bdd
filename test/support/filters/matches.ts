import { Database } from '../../../src/database/database.js';
import { parseFilter } from '../../../src/items/filter/parse-filter.js';
import { Bindings } from '../../../src/items/store/bindings.js';
import { filterCondition } from '../../../src/items/store/filter/filter-condition.js';
import type { TestApp } from '../test-app.js';

/** The ids that each of some filters matches, in their order, by one statement. */
export async function matchesOf(service: TestApp, filters: string[]): Promise<string[][]> {
  const { engine } = service.database.config;
  const bindings = new Bindings(engine);
  const columns = filters.map((filter, n) => {
    return `CASE WHEN ${filterCondition(parseFilter(filter), engine, bindings)} THEN 1 ELSE 0 END AS f${n}`;
  });
  const { reader } = service.app.get(Database);
  const statement = `SELECT id, ${columns.join(', ')} FROM items WHERE deleted_at IS NULL ORDER BY id`;
  const rows = await reader.query<Record<string, unknown>[]>(statement, bindings.values);
  return filters.map((_, n) => rows.filter((row) => row[`f${n}`] === 1).map(({ id }) => id as string));
}
