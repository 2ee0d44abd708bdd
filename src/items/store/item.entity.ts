import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { DESCRIPTION_MAX, ID_MAX, NAME_MAX } from './item.limits.js';

/** A JSON object of the client, in JavaScript's order of members. */
export type Attributes = Record<string, unknown>;

/** The collation of ids, names and times on PostgreSQL. SQLite always sorts by code point, and TypeORM compares no collations there. */
export const BY_CODE_POINT = 'C';

/** The current state of an id: an item, or the tombstone of a deleted one. Times are RFC 3339 in UTC, milliseconds. */
@Entity('items')
@Index('items_name_id', ['name', 'id'])
@Index('items_created_at_id', ['createdAt', 'id'])
@Index('items_updated_at_id', ['updatedAt', 'id'])
export class Item {
  @PrimaryColumn('varchar', { length: ID_MAX, collation: BY_CODE_POINT })
  id!: string;

  @Column({ type: 'varchar', length: NAME_MAX, collation: BY_CODE_POINT })
  name!: string;

  @Column('varchar', { length: DESCRIPTION_MAX, nullable: true })
  description!: string | null;

  /** In the order in which the client gave them. */
  @Column('json', { default: '[]' })
  tags!: string[];

  @Column('json')
  attributes!: Attributes;

  /** Rises by one with each change; a delete and a creation after it are changes too. */
  @Column('integer')
  version!: number;

  /** Differs between two states of the same version; see revisionOf. */
  @Column('varchar', { length: 8 })
  revision!: string;

  @Column({ type: 'varchar', name: 'created_at', length: 24, collation: BY_CODE_POINT })
  createdAt!: string;

  @Column({ type: 'varchar', name: 'updated_at', length: 24, collation: BY_CODE_POINT })
  updatedAt!: string;

  /** Set on a tombstone. */
  @Column('varchar', { name: 'deleted_at', length: 24, nullable: true })
  deletedAt!: string | null;
}
