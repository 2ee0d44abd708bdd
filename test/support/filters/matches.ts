import { Database } from '../../../src/database/database.js';
import { parseFilter } from '../../../src/items/filter/parse-filter.js';
import { wordsOf } from '../../../src/items/search/words.js';
import { Bindings } from '../../../src/items/store/bindings.js';
import { filterCondition } from '../../../src/items/store/filter/filter-condition.js';
import { qCondition } from '../../../src/items/store/filter/term-condition.js';
import { queryDirectly } from '../database/direct-sql.js';
import { engine } from '../database/engine.js';
import type { TestApp } from '../test-app.js';

/** An expression about the columns of items. */
type Condition = (bindings: Bindings) => string;

export const byFilter = (filter: string): Condition => {
  return (bindings) => filterCondition(parseFilter(filter), engine, bindings);
};

export const byWords = (q: string): Condition => {
  return (bindings) => qCondition(wordsOf(q), engine, bindings);
};

/** The ids of the items that meet each of some conditions, in their order, by one statement. Tombstones count if asked for. */
export async function matchesOf(service: TestApp, conditions: Condition[], isWithDeleted = false): Promise<string[][]> {
  const bindings = new Bindings(engine);
  const columns = conditions.map((write, n) => `CASE WHEN ${write(bindings)} THEN 1 ELSE 0 END AS c${n}`);
  const { reader } = service.app.get(Database);
  const statement = `SELECT id, ${columns.join(', ')} FROM items ${isWithDeleted ? '' : 'WHERE deleted_at IS NULL'} ORDER BY id`;
  const rows = await reader.query<Record<string, unknown>[]>(statement, bindings.values);
  return conditions.map((_, n) => rows.filter((row) => row[`c${n}`] === 1).map(({ id }) => id as string));
}

/** Tells the database how many items it has, as its maintenance does from time to time. */
export async function refreshStatistics({ config }: TestApp): Promise<void> {
  // VACUUM also puts what was written last into PostgreSQL's index. Without tables it would do so for the catalogs, too.
  const ofTables = 'VACUUM ANALYZE items, item_versions, item_terms, idempotency_keys, history_trimming';
  await queryDirectly(config.database, engine === 'sqlite' ? 'ANALYZE' : ofTables);
}

/** Shows that the index of terms serves a condition. */
export const INDEX_OF_TERMS = engine === 'sqlite' ? /item_terms VIRTUAL TABLE INDEX 0:M/ : /Scan on item_terms_terms/;

/** How the database looks for the items that meet a condition: its plan, as text. */
export async function planOf(service: TestApp, condition: Condition, order = 'id'): Promise<string> {
  const bindings = new Bindings(engine);
  const statement = `SELECT id FROM items WHERE deleted_at IS NULL AND ${condition(bindings)} ORDER BY ${order} LIMIT 20`;
  return planOfStatement(service, statement, bindings.values);
}

/** The plan of a statement with parameters, as text. */
export async function planOfStatement(service: TestApp, statement: string, values: unknown[]): Promise<string> {
  const { reader } = service.app.get(Database);
  // SQLite sees new indexes and statistics when a statement runs, not when it explains one.
  await reader.query(statement, values);
  const explain = engine === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
  const rows = await reader.query<Record<string, string>[]>(`${explain} ${statement}`, values);
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n');
}
