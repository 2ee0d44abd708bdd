import type { ClientBase } from 'pg';
import type { ColumnType, TableShape, Value } from '../file/table-shape.js';
import type { Page } from '../file/row-tally.js';
import { ROWS_AT_ONCE, type StoredRows } from './stored-rows.js';

/** How a value is taken out of JSON. A column that is smaller takes it, or refuses it. */
const CASTS: Record<ColumnType, string> = { text: '', integer: '::bigint', json: '::json' };

/** Rows on PostgreSQL, in the transaction that is open on the connection. */
export class PostgresRows implements StoredRows {
  constructor(private readonly client: ClientBase) {}

  // A cursor sorts once. Not every key has an index that is ordered by code points.
  async *pages(table: TableShape): AsyncGenerator<Page> {
    const columns = table.columns.map(({ name, type }) => `t."${name}"${type === 'json' ? '::text' : ''}`);
    const isText = (name: string) => table.columns.find((column) => column.name === name)?.type === 'text';
    const key = table.key.map((name) => `t."${name}"${isText(name) ? ' COLLATE "C"' : ''}`);
    await this.client.query(
      `DECLARE carried NO SCROLL CURSOR FOR SELECT ${columns.join(', ')} FROM "${table.name}" AS t ORDER BY ${key.join(', ')}`,
    );
    const read = async () =>
      (await this.client.query<Value[]>({ text: `FETCH ${ROWS_AT_ONCE} FROM carried`, rowMode: 'array' })).rows;
    let rows: Value[][];
    do {
      rows = await read();
      yield { table, rows: rows.map((row) => row.map((value, at) => valueOf(value, table.columns[at]!.type))) };
    } while (rows.length === ROWS_AT_ONCE);
    await this.client.query('CLOSE carried');
  }

  /** Adds rows to a table. */
  async add({ table, rows }: Page): Promise<void> {
    if (rows.length === 0) return;
    const columns = table.columns.map(({ name }) => `"${name}"`).join(', ');
    const values = table.columns.map(({ type }, at) => `(r.value ->> ${at})${CASTS[type]}`).join(', ');
    await this.client.query(
      `INSERT INTO "${table.name}" (${columns})
       SELECT ${values} FROM json_array_elements($1::json) WITH ORDINALITY AS r (value, place) ORDER BY r.place`,
      [JSON.stringify(rows)],
    );
  }
}

// The driver gives 64-bit numbers as text.
function valueOf(value: Value, type: ColumnType): Value {
  return type === 'integer' && value !== null ? Number(value) : value;
}
