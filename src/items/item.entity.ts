import { Column, Entity, PrimaryColumn } from 'typeorm';

/** JSON object of the client's, kept in JavaScript's member order. */
export type Attributes = Record<string, unknown>;

/** The current state of an id: an item, or the tombstone of a deleted one. Times are RFC 3339 in UTC, milliseconds. */
@Entity('items')
export class Item {
  @PrimaryColumn('varchar', { length: 128 })
  id!: string;

  @Column('varchar', { length: 200 })
  name!: string;

  @Column('varchar', { length: 2000, nullable: true })
  description!: string | null;

  @Column('json')
  attributes!: Attributes;

  /** Rises by one with every change, a delete and a re-creation included. */
  @Column('integer')
  version!: number;

  @Column('varchar', { name: 'created_at', length: 24 })
  createdAt!: string;

  @Column('varchar', { name: 'updated_at', length: 24 })
  updatedAt!: string;

  /** Set on a tombstone. */
  @Column('varchar', { name: 'deleted_at', length: 24, nullable: true })
  deletedAt!: string | null;
}
