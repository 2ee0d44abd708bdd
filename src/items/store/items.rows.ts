import { revisionOf, type Snapshot } from './item-version.js';
import type { Attributes, Item } from './item.entity.js';
import type { Change, RecordedAnswer } from './write-set.js';

/** A row as the statements that find items give it: SQLite hands JSON out as text. */
export type ItemRow = Omit<Item, 'attributes'> & { attributes: Attributes | string };

/** An item of a page. Its attributes are the JSON text that is stored, which its answer takes over. */
export type PageItem = Omit<Item, 'attributes' | 'deletedAt'> & { attributes: string };

/** The same of the records of keys; the snapshot is null where the item was deleted. */
export type RecordRow = Omit<RecordedAnswer, 'item'> & { snapshot: Snapshot | string | null; commandId: string };

export function recordedAnswers(rows: RecordRow[]): RecordedAnswer[] {
  return rows.map(({ snapshot, commandId, ...row }) => {
    const item = snapshot === null ? null : { ...parsed(snapshot), revision: revisionOf(commandId) };
    return { ...row, item };
  });
}

export function rowsById(rows: ItemRow[]): Map<string, Item> {
  return new Map(rows.map((row) => [row.id, itemOf(row)]));
}

function itemOf(row: ItemRow): Item {
  return { ...row, attributes: parsed(row.attributes) };
}

function parsed<T extends object>(json: T | string): T {
  return typeof json === 'string' ? (JSON.parse(json) as T) : json;
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
