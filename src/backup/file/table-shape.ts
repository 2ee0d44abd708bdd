/** What a column holds, on either engine. JSON is kept as its text, as the service wrote it. */
export type ColumnType = 'text' | 'integer' | 'json';

/** A table in a backup: its columns, in the order of the values of a row, and those that order its rows. */
export interface TableShape {
  name: string;
  columns: { name: string; type: ColumnType }[];
  key: string[];
}

/** A value of a row. */
export type Value = string | number | null;

const TYPES: ColumnType[] = ['text', 'integer', 'json'];

/** Nothing else is put into a statement. Which tables there may be, known-tables.ts says. */
const NAME = /^[a-z][a-z_]{0,62}$/;

/** Whether something that was read is a list of tables. */
export function areShapes(given: unknown): given is TableShape[] {
  return Array.isArray(given) && given.every(isShape);
}

function isShape(given: unknown): given is TableShape {
  const { name, columns, key } = Object(given) as Partial<TableShape>;
  if (!isName(name) || !Array.isArray(columns) || !Array.isArray(key)) return false;
  const names = columns.map((column) => (Object(column) as { name?: unknown }).name);
  return (
    names.every(isName) &&
    new Set(names).size === names.length &&
    columns.every((column) => TYPES.includes(column.type)) &&
    key.length > 0 &&
    key.every((one) => names.includes(one))
  );
}

function isName(given: unknown): given is string {
  return typeof given === 'string' && NAME.test(given);
}
