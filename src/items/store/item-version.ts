import { EntitySchema } from 'typeorm';
import type { Engine } from '../../config/config.js';
import { BY_CODE_POINT, type Item } from './item.entity.js';

/** One change of an item: its history, and by `UNIQUE (item_id, version)` the guard of every write. */
export interface ItemVersion {
  itemId: string;
  version: number;
  operation: 'create' | 'replace' | 'patch' | 'delete';
  /** The item after the change; null after a delete. */
  snapshot: Snapshot | null;
  /** X-Request-Id of the request that asked for it. */
  requestId: string;
  /** UUID that the service gave to the command: tells whose write this is when the database's answer was lost. */
  commandId: string;
  /** RFC 3339 in UTC, milliseconds. */
  at: string;
}

/** An item without its revision, which follows from the command of the version. */
export type Snapshot = Omit<Item, 'revision'>;

/** The first 8 hex digits of the command that made a state, as CouchDB's revisions have a digest. */
export function revisionOf(commandId: string): string {
  return commandId.slice(0, 8);
}

/**
 * The table of versions. A schema, not a decorated class, because `seq` needs 64 bits: `bigint` on PostgreSQL, while
 * SQLite numbers rows only in a column of type `integer`, which has 64 bits there.
 */
export function itemVersionSchema(engine: Engine): EntitySchema<ItemVersion & { seq: string }> {
  return new EntitySchema<ItemVersion & { seq: string }>({
    name: 'ItemVersion',
    tableName: 'item_versions',
    columns: {
      seq: { type: engine === 'postgres' ? 'bigint' : 'integer', primary: true, generated: 'increment' },
      itemId: { name: 'item_id', type: 'varchar', length: 128, collation: BY_CODE_POINT },
      version: { type: 'integer' },
      operation: { type: 'varchar', length: 16 },
      snapshot: { type: 'json', nullable: true },
      requestId: { name: 'request_id', type: 'varchar', length: 128 },
      // Nullable, as SQLite adds no other column to a table; a migration has filled those from before it was kept.
      commandId: { name: 'command_id', type: 'varchar', length: 36, nullable: true },
      at: { type: 'varchar', length: 24 },
    },
    uniques: [{ name: 'item_versions_item_id_version', columns: ['itemId', 'version'] }],
  });
}
