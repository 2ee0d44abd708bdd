import type { Item } from './item.entity.js';
import type { Change } from './items.rules.js';

/** What changes are decided on, and where they are written. */
export interface WriteSession {
  /** The rows of these ids, tombstones too; ids never used are absent. */
  findMany(ids: string[]): Promise<Map<string, Item>>;
  /** Writes all of the changes or none. */
  saveMany(changes: Change[]): Promise<void>;
}

/**
 * The writing side of one engine: reads without a lock, and writes each set in a transaction of its own. Throws
 * DatabaseFault; of `saveMany`
 * - `conflict`: another process wrote one of the versions first, and `UNIQUE (item_id, version)` kept the set out;
 * - `disconnected`: nothing was written, and it may be tried again;
 * - `outcome-unknown`: the set was sent, and whether it was written can't be known.
 */
export interface WriteSide extends WriteSession {
  /** How many sets may be under way at once. */
  readonly maxGroupsInFlight: number;
  /** Lets nobody else write until `work` is done; what it writes is kept if it succeeds. */
  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T>;
}
