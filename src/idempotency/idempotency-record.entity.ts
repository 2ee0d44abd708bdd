import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { MAX_CALLER_LENGTH } from '../contract/caller.js';

/**
 * The record of a change that was made under a key. It holds no copy of the answer. It points at the version of the item from
 * which the answer can be made again. A request that makes several changes together has a record for each.
 */
@Entity('idempotency_keys')
@Index('idempotency_keys_item_id_version', ['itemId', 'version'])
export class IdempotencyRecord {
  /** See callerOf. Each caller has keys of its own. */
  @PrimaryColumn('varchar', { length: MAX_CALLER_LENGTH })
  caller!: string;

  @PrimaryColumn('varchar', { length: 255 })
  key!: string;

  /** The number of the change in its request, from 0. The default is for releases that don't know it. */
  @PrimaryColumn('integer', { default: 0 })
  position!: number;

  /** SHA-256 in base64url of what makes two requests the same; see KeyedRequest. Empty if a version that the request made was erased. */
  @Column('varchar', { length: 43 })
  fingerprint!: string;

  /** Status of the first answer to this change. */
  @Column('integer')
  status!: number;

  /** 1 if the first answer had no body because of `Prefer: return=minimal`, else 0. */
  @Column('integer')
  minimal!: number;

  @Column('varchar', { name: 'item_id', length: 128 })
  itemId!: string;

  @Column('integer')
  version!: number;

  /** UUID of the command, as in item_versions. */
  @Column('varchar', { name: 'command_id', length: 36 })
  commandId!: string;

  /** RFC 3339 in UTC, milliseconds. */
  @Index('idempotency_keys_at')
  @Column('varchar', { length: 24 })
  at!: string;
}

/** What all records of a request have in common. */
export type KeyIdentity = Pick<IdempotencyRecord, 'caller' | 'key'>;

/** The identity as one string, for maps. A key holds no line break, so the last one is before it, whatever the caller holds. */
export function identityOf({ caller, key }: KeyIdentity): string {
  return `${caller}\n${key}`;
}
