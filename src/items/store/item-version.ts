import { EntitySchema } from 'typeorm';
import type { Engine } from '../../config/config.js';
import { MAX_CALLER_LENGTH } from '../../contract/caller.js';
import { BY_CODE_POINT, type Item } from './item.entity.js';
import { ID_MAX } from './item.limits.js';

/** The kinds of changes. */
export const OPERATIONS_OF_VERSIONS = ['create', 'replace', 'patch', 'delete', 'restore', 'erase'] as const;

export type VersionOperation = (typeof OPERATIONS_OF_VERSIONS)[number];

/** One change of an item. The versions are its history, and `UNIQUE (item_id, version)` guards every write. */
export interface ItemVersion {
  itemId: string;
  version: number;
  operation: VersionOperation;
  /** The item after the change; null after a delete, and if it was erased. */
  snapshot: Snapshot | null;
  /** Who made it; see callerOf. null if it was made before this was recorded. */
  actor: string | null;
  /** X-Request-Id of the request that asked for it; empty if the version was erased. */
  requestId: string;
  /** UUID of the command. It shows whether a write was ours if the database's answer was lost. */
  commandId: string;
  /** RFC 3339 in UTC, milliseconds. */
  at: string;
}

/** An item without its revision, which follows from the command of the version. */
export type Snapshot = Omit<Item, 'revision'>;

/** Whether a version was erased. What its request was called is gone, too: it is text of the client, and never empty. */
export function isErased({ requestId }: Pick<ItemVersion, 'requestId'>): boolean {
  return requestId === '';
}

/** The first 8 hex digits of the id of the command that made a state. CouchDB puts a digest into its revisions for the same reason. */
export function revisionOf(commandId: string): string {
  return commandId.slice(0, 8);
}

/**
 * The table of versions. A schema and not a decorated class, because `seq` needs 64 bits: `bigint` on PostgreSQL, but
 * `integer` on SQLite, which has 64 bits there and is the only type that SQLite numbers by itself.
 */
export function itemVersionSchema(engine: Engine): EntitySchema<ItemVersion & { seq: string }> {
  return new EntitySchema<ItemVersion & { seq: string }>({
    name: 'ItemVersion',
    tableName: 'item_versions',
    columns: {
      seq: { type: engine === 'postgres' ? 'bigint' : 'integer', primary: true, generated: 'increment' },
      itemId: { name: 'item_id', type: 'varchar', length: ID_MAX, collation: BY_CODE_POINT },
      version: { type: 'integer' },
      operation: { type: 'varchar', length: 16 },
      snapshot: { type: 'json', nullable: true },
      requestId: { name: 'request_id', type: 'varchar', length: 128 },
      // Nullable, since SQLite can add no other column to a table. A migration has filled older rows.
      commandId: { name: 'command_id', type: 'varchar', length: 36, nullable: true },
      at: { type: 'varchar', length: 24 },
      actor: { type: 'varchar', length: MAX_CALLER_LENGTH, nullable: true },
    },
    uniques: [{ name: 'item_versions_item_id_version', columns: ['itemId', 'version'] }],
  });
}
