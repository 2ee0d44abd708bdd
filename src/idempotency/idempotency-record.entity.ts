import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Whose key it is: of all callers, while there are no credentials that tell them apart. */
export const EVERY_CALLER = '';

/**
 * That a request under a key was carried out. It holds no copy of the answer but points at the version of the item from
 * which the answer can be made again.
 */
@Entity('idempotency_keys')
export class IdempotencyRecord {
  @PrimaryColumn('varchar', { length: 128 })
  caller!: string;

  @PrimaryColumn('varchar', { length: 255 })
  key!: string;

  /** SHA-256 in base64url, of what makes a request the same. */
  @Column('varchar', { length: 43 })
  fingerprint!: string;

  /** Of the first answer. */
  @Column('integer')
  status!: number;

  /** 1 if the first answer had no content because of `Prefer: return=minimal`, else 0. */
  @Column('integer')
  minimal!: number;

  @Column('varchar', { name: 'item_id', length: 128 })
  itemId!: string;

  @Column('integer')
  version!: number;

  /** UUID of the command, as in the versions. */
  @Column('varchar', { name: 'command_id', length: 36 })
  commandId!: string;

  /** RFC 3339 in UTC, milliseconds. */
  @Index('idempotency_keys_at')
  @Column('varchar', { length: 24 })
  at!: string;
}

/** What a record is found by. */
export type KeyIdentity = Pick<IdempotencyRecord, 'caller' | 'key'>;

/** The identity as one string, for maps. Neither part holds a line break. */
export function identityOf({ caller, key }: KeyIdentity): string {
  return `${caller}\n${key}`;
}
