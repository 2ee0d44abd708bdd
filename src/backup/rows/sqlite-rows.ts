import type { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import type { TableShape, Value } from '../file/table-shape.js';
import type { Page } from '../file/row-tally.js';
import { ROWS_AT_ONCE, type StoredRows } from './stored-rows.js';

/** Rows of an SQLite file. Whoever wants all of them from one moment begins a transaction on the connection. */
export class SqliteRows implements StoredRows {
  constructor(private readonly connection: SqliteConnection) {}

  async *pages(table: TableShape): AsyncGenerator<Page> {
    const names = table.columns.map(({ name }) => name);
    const places = table.key.map((name) => names.indexOf(name));
    let last: Value[] | undefined;
    do {
      const found: Record<string, Value>[] = await this.connection.all(
        statement(table, last !== undefined),
        last ?? [],
      );
      const rows = found.map((row) => names.map((name) => row[name] as Value));
      yield { table, rows };
      const end = rows.length === ROWS_AT_ONCE ? rows.at(-1) : undefined;
      last = end && places.map((at) => end[at] as Value);
    } while (last);
  }

  /** Adds rows to a table. */
  async add({ table, rows }: Page): Promise<void> {
    if (rows.length === 0) return;
    const columns = table.columns.map(({ name }) => `"${name}"`).join(', ');
    const values = table.columns.map((_, at) => `value ->> ${at}`).join(', ');
    await this.connection.all(
      `INSERT INTO "${table.name}" (${columns}) SELECT ${values} FROM json_each(?) ORDER BY json_each.key`,
      [JSON.stringify(rows)],
    );
  }
}

// A name in quotes that no column has would be a text, if no table stood before it (sqlite.org/quirks.html).
function statement({ name, columns, key }: TableShape, isBehind: boolean): string {
  const all = columns.map((column) => `t."${column.name}" AS "${column.name}"`).join(', ');
  const ordered = key.map((one) => `t."${one}"`).join(', ');
  const behind = isBehind ? `WHERE (${ordered}) > (${key.map(() => '?').join(', ')})` : '';
  return `SELECT ${all} FROM "${name}" AS t ${behind} ORDER BY ${ordered} LIMIT ${ROWS_AT_ONCE}`;
}
