import type { IdempotencyRecord } from '../../idempotency/idempotency-record.entity.js';
import type { ItemVersion } from './item-version.js';
import type { Item } from './item.entity.js';

/** What is written for a group of jobs. */
export interface WriteSet {
  changes: Change[];
  records: IdempotencyRecord[];
  /** The rows that it was decided on, tombstones too: what stays as it was is not written again. */
  before: ReadonlyMap<string, Item>;
}

/** A decided change: the next row, and its version. */
export interface Change {
  item: Item;
  version: ItemVersion;
}

/** Whether earlier versions of an item must be erased with these changes. */
export function hasErasure(changes: Change[]): boolean {
  return changes.some(({ version }) => version.operation === 'erase');
}

/** The answers that were given under a key: one, or those of an atomic batch in their order. */
export type RecordedAnswers = Pick<IdempotencyRecord, 'caller' | 'key' | 'fingerprint' | 'minimal' | 'at'> & {
  /** With the item of that time; null after a delete, and if it was erased. */
  answers: { status: number; item: Item | null; itemId: string; version: number }[];
  /** Whether the item of any of them was erased. */
  isErased: boolean;
};
