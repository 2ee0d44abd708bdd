import type { KeyIdentity } from '../../idempotency/idempotency-record.entity.js';
import type { TrimLimits, Trimmed } from '../trimming/trim-step.js';
import type { Item } from './item.entity.js';
import type { VersionKey, VersionState } from './version-state.js';
import type { RecordedAnswers, WriteSet } from './write-set.js';

/** Reads what decisions need, and writes what was decided. */
export interface WriteSession {
  /** The rows of these ids, tombstones too; ids never used are absent. */
  findMany(ids: string[]): Promise<Map<string, Item>>;
  /** The states of these versions; those that never were, or were trimmed, are absent. */
  findStates(versions: VersionKey[]): Promise<VersionState[]>;
  /** The records of these keys, however old. */
  findRecords(keys: KeyIdentity[]): Promise<RecordedAnswers[]>;
  /** Deletes the record of a key if it was made before this time (RFC 3339). */
  forgetRecord(key: KeyIdentity, before: string): Promise<void>;
  /** Writes all of a set or nothing. If it has records, some made before `expiredBefore` (RFC 3339) are deleted. */
  save(set: WriteSet, expiredBefore: string): Promise<void>;
  /**
   * For outcomes that save nothing, behind all that they were decided on. Only where a database can be closed while it is open: there nothing
   * may be told of what it still has. Throws DatabaseFault `unavailable`.
   */
  requireOurs?(): Promise<void>;
}

/**
 * The writing side of one engine: reads without a lock, and writes each set in a transaction of its own. Throws
 * DatabaseFault; of `save`
 * - `conflict`: another process wrote one of the versions or keys first, so the set broke their uniqueness. Under the lock
 *   this can't happen, and a unique constraint that an operator added was broken;
 * - `disconnected`: nothing was written, and it may be tried again;
 * - `outcome-unknown`: the set was sent, and whether it was written can't be known.
 */
export interface WriteSide extends WriteSession {
  /** How many sets may be under way at once. */
  readonly maxGroupsInFlight: number;
  /** Prepares it, if there is something to prepare. */
  open?(): Promise<void>;
  /** Releases what it holds of its connections, before they are closed. */
  close?(): Promise<void>;
  /**
   * Fills in what up to `limit` items of an older release are found by, tombstones too, in a transaction of its own in the order of
   * writes. False if none is left.
   */
  fillSearch(limit: number): Promise<boolean>;
  /** Trims old versions up to some limits, in a transaction of its own. */
  trimVersions(limits: TrimLimits): Promise<Trimmed>;
  /** Keeps other writers out until `work` is done. What it wrote is kept if it succeeds, else rolled back. */
  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T>;
}
