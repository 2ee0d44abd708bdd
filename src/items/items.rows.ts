import type { Attributes, Item } from './item.entity.js';
import type { Change } from './items.rules.js';

/** A row as the statements that find items give it: SQLite hands JSON out as text. */
export type ItemRow = Omit<Item, 'attributes'> & { attributes: Attributes | string };

export function rowsById(rows: ItemRow[]): Map<string, Item> {
  return new Map(rows.map((row) => [row.id, { ...row, attributes: parsed(row.attributes) }]));
}

function parsed(attributes: Attributes | string): Attributes {
  return typeof attributes === 'string' ? (JSON.parse(attributes) as Attributes) : attributes;
}

/*
 * JSON inside the JSON parameters of the writing statements travels as a string, so that neither engine writes it anew.
 */

/** The items of the changes as one JSON array. An item that changed more than once is written as it was last. */
export function itemRows(changes: Change[]): string {
  const rows = changes.map(({ item }): [string, object] => [
    item.id,
    { ...item, attributes: JSON.stringify(item.attributes) },
  ]);
  return JSON.stringify([...new Map(rows).values()]);
}

/** The versions of the changes as one JSON array, in their order. */
export function versionRows(changes: Change[]): string {
  return JSON.stringify(
    changes.map(({ version }) => ({ ...version, snapshot: version.snapshot && JSON.stringify(version.snapshot) })),
  );
}
