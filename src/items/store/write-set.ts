import type { IdempotencyRecord } from '../../idempotency/idempotency-record.entity.js';
import type { ItemVersion } from './item-version.js';
import type { Item } from './item.entity.js';

/** What a group of orders writes. */
export interface WriteSet {
  changes: Change[];
  records: IdempotencyRecord[];
}

/** A change that was decided on: the row as it will be, and its version. */
export interface Change {
  item: Item;
  version: ItemVersion;
}

/** What was done under a key; the item as it was then, null after a delete. */
export type RecordedAnswer = Pick<IdempotencyRecord, 'caller' | 'key' | 'fingerprint' | 'status' | 'minimal' | 'at'> & {
  item: Item | null;
};
