import type { KeyIdentity } from '../../idempotency/idempotency-record.entity.js';
import type { Item } from './item.entity.js';
import type { RecordedAnswer, WriteSet } from './write-set.js';

/** What changes are decided on, and where they are written. */
export interface WriteSession {
  /** The rows of these ids, tombstones too; ids never used are absent. */
  findMany(ids: string[]): Promise<Map<string, Item>>;
  /** What was done under these keys, however long ago. */
  findRecords(keys: KeyIdentity[]): Promise<RecordedAnswer[]>;
  /** Forgets the record of a key if it was made before this time (RFC 3339). */
  forgetRecord(key: KeyIdentity, before: string): Promise<void>;
  /** Writes all of a set or nothing. With records it also forgets some that were made before `expiredBefore` (RFC 3339). */
  save(set: WriteSet, expiredBefore: string): Promise<void>;
}

/**
 * The writing side of one engine: reads without a lock, and writes each set in a transaction of its own. Throws
 * DatabaseFault; of `save`
 * - `conflict`: another process wrote one of the versions or keys first, and their uniqueness kept the set out; or under
 *   the lock, where nobody can have, a unique constraint of the operator's did;
 * - `disconnected`: nothing was written, and it may be tried again;
 * - `outcome-unknown`: the set was sent, and whether it was written can't be known.
 */
export interface WriteSide extends WriteSession {
  /** How many sets may be under way at once. */
  readonly maxGroupsInFlight: number;
  /** Makes it ready, where that takes something. */
  open?(): Promise<void>;
  /** Gives back what it holds of its connections, before they are closed. */
  close?(): Promise<void>;
  /** Lets nobody else write until `work` is done; what it writes is kept if it succeeds. */
  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T>;
}
