import { TimedQueries } from '../../../src/database/timed-queries.js';
import { parseFilter } from '../../../src/items/filter/parse-filter.js';
import { wordsOf } from '../../../src/items/search/words.js';
import type { Statement } from '../../../src/items/store/bindings.js';
import type { ListQuery } from '../../../src/items/store/list/list-query.js';
import { pageStatement } from '../../../src/items/store/list/page.statements.js';
import { isPlain, plainPageStatement } from '../../../src/items/store/list/plain-page.statement.js';
import { WHOLE } from '../../../src/items/store/list/projection.js';
import { SORT_DEFAULT, SORTS } from '../../../src/items/store/list/sort.js';
import { engine } from '../database/engine.js';
import type { TestApp } from '../test-app.js';

/** A list, as parameters ask for it. */
export interface AskedList {
  q?: string;
  filter?: string;
  ids?: string[];
  sort?: string;
}

/** How the database answers the statement of a page of 20 items: the steps that it took, as text. */
export async function planOfPage(service: TestApp, list: AskedList): Promise<string> {
  if (engine === 'sqlite') {
    const rows = await explain<{ detail: string }>(service, 'EXPLAIN QUERY PLAN', list);
    return rows.map(({ detail }) => detail).join('\n');
  }
  const steps = await stepsOf(service, list);
  return steps
    .map((step) => `${step['Node Type']} on ${step['Index Name'] ?? step['Relation Name'] ?? 'rows'}`)
    .join('\n');
}

/** How many rows of items and of their terms PostgreSQL looked at for it. */
export async function rowsReadFor(service: TestApp, list: AskedList): Promise<number> {
  const rows = (await stepsOf(service, list)).filter((step) => step['Relation Name']?.startsWith('item'));
  return rows.reduce(
    (sum, step) => sum + (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops'],
    0,
  );
}

/** A node of EXPLAIN (FORMAT JSON). Rows are those of one loop. */
interface Step {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Step[];
}

async function stepsOf(service: TestApp, list: AskedList): Promise<Step[]> {
  const [row] = await explain<{ 'QUERY PLAN': [{ Plan: Step }] }>(
    service,
    'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)',
    list,
  );
  const all = (step: Step): Step[] => [step, ...(step.Plans ?? []).flatMap(all)];
  return all(row!['QUERY PLAN'][0].Plan).filter((step) => step['Actual Loops'] > 0);
}

async function explain<Row>(
  { app }: TestApp,
  how: string,
  { q, filter, ids, sort = SORT_DEFAULT }: AskedList,
): Promise<Row[]> {
  const asked = {
    ...(q !== undefined && { words: wordsOf(q) }),
    ...(filter !== undefined && { filter: parseFilter(filter) }),
    ...(ids && { ids }),
    sort: SORTS.get(sort)!,
  };
  const { members } = WHOLE;
  const query = { ...asked, members, isWithDeleted: false, isCounted: false, limit: 20 };
  const { text, values } = statementOf(query);
  return app.get(TimedQueries).rows<Row>(`${how} ${text}`, values);
}

/** The statement that the service runs for it if nobody asks for another page at the same time. */
function statementOf(query: ListQuery): Statement {
  if (!isPlain(query)) return pageStatement(query, 'items', engine);
  const { text, element, values } = plainPageStatement(query, 'items', engine);
  return { text, values: [JSON.stringify([element]), ...values] };
}
