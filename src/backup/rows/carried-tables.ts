import type { DataSource } from 'typeorm';
import type { ColumnType, TableShape } from '../file/table-shape.js';

/** What a backup keeps that no entity stands for: how far the history was trimmed. */
const TRIMMING: TableShape = {
  name: 'history_trimming',
  columns: ['walked_to', 'trimmed_to'].map((name) => ({ name, type: 'integer' })),
  key: ['walked_to'],
};

/** Tables that a backup leaves out, and why. A test holds that each table is in it or here. */
export const LEFT_OUT: Record<string, string> = {
  migrations: 'the restored database is migrated by the release that restores it',
  schema_compatibility: 'the same',
  item_terms: 'it is made from the items',
  search_filling: 'all items are filled in when they are restored',
  last_backup: 'the restored database has no backup yet',
  erasures: 'what was erased is in no backup, so the new file has no remains of it',
};

const TYPES: Record<string, ColumnType> = { varchar: 'text', integer: 'integer', bigint: 'integer', json: 'json' };

/** The tables of the entities of a connected DataSource, and what else a backup has, by their names. */
export function carriedTables({ entityMetadatas }: DataSource): TableShape[] {
  const shapes = entityMetadatas.map(({ tableName, columns, primaryColumns }) => ({
    name: tableName,
    columns: columns.map(({ databaseName, type }) => ({ name: databaseName, type: typeOf(type) })),
    key: primaryColumns.map(({ databaseName }) => databaseName),
  }));
  return [...shapes, TRIMMING].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function typeOf(type: unknown): ColumnType {
  const found = TYPES[String(type)];
  if (!found) throw new Error(`backups know no columns of the type ${String(type)}`);
  return found;
}
