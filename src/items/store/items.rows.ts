import { isErased, revisionOf, type ItemVersion, type Snapshot } from './item-version.js';
import type { Item } from './item.entity.js';
import { contentOf, JSON_MEMBERS, type JsonMember } from './item.members.js';
import type { VersionKey, VersionState } from './version-state.js';
import { identityOf, type IdempotencyRecord } from '../../idempotency/idempotency-record.entity.js';
import type { RecordedAnswers } from './write-set.js';

/** A row as the statements give it: on SQLite JSON is text. */
export type ItemRow = Omit<Item, JsonMember> & { [Name in JsonMember]: Item[Name] | string };

/** What rows have of a version. */
type VersionColumns = Pick<ItemVersion, 'requestId' | 'commandId'> & { snapshot: Snapshot | string | null };

/** A record of a key as the statements give it; the snapshot is null if the item was deleted or erased. */
export type RecordRow = Pick<
  IdempotencyRecord,
  'caller' | 'key' | 'position' | 'fingerprint' | 'status' | 'minimal' | 'at' | 'itemId' | 'version'
> &
  VersionColumns;

/** A version as the statements give it; the snapshot is null if it has no item. */
export type StateRow = VersionKey & VersionColumns;

export function versionStates(rows: StateRow[]): VersionState[] {
  return rows.map(({ itemId, version, ...row }) => ({ itemId, version, item: isErased(row) ? 'erased' : itemIn(row) }));
}

/** The answers of each key; its rows may come in any order. */
export function recordedAnswers(rows: RecordRow[]): RecordedAnswers[] {
  const byKey = new Map<string, RecordedAnswers>();
  for (const { snapshot, requestId, commandId, position, status, itemId, version, ...row } of rows) {
    const identity = identityOf(row);
    const record = byKey.get(identity) ?? { ...row, answers: [], isErased: false };
    byKey.set(identity, record);
    const then = { snapshot, requestId, commandId };
    record.answers[position] = { status, item: itemIn(then), itemId, version };
    record.isErased ||= isErased(then);
  }
  return [...byKey.values()];
}

function itemIn({ snapshot, commandId }: VersionColumns): Item | null {
  return snapshot === null ? null : itemThen(parsed(snapshot), commandId);
}

/** The item of a snapshot. An older one lacks members that were added later. They get their empty value. */
export function itemThen(snapshot: Snapshot, commandId: string): Item {
  return { ...snapshot, ...contentOf(snapshot), revision: revisionOf(commandId) };
}

export function rowsById(rows: ItemRow[]): Map<string, Item> {
  return new Map(rows.map((row) => [row.id, itemOf(row)]));
}

/** The same. Yields after each row, since 500 large items take long to parse. */
export function* readingRows(rows: ItemRow[]): Generator<void, Map<string, Item>> {
  const items = new Map<string, Item>();
  for (const row of rows) {
    items.set(row.id, itemOf(row));
    yield;
  }
  return items;
}

function itemOf(row: ItemRow): Item {
  const item: Record<string, unknown> = { ...row };
  for (const name of JSON_MEMBERS) item[name] = parsed(row[name]);
  return item as unknown as Item;
}

/** JSON of the database, which PostgreSQL's driver has parsed unless it was selected as text. */
export function parsed<T extends object>(json: T | string): T {
  return typeof json === 'string' ? (JSON.parse(json) as T) : json;
}
