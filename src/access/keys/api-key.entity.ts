import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DIGEST_LENGTH, KEY_PARTS, MAX_NAME_LENGTH, MAX_SCOPES_LENGTH } from './key.limits.js';

/** An API key without its secret, of which only digests are kept. Times are RFC 3339 in UTC, milliseconds. */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('varchar', { length: KEY_PARTS.id })
  id!: string;

  /** For people. Two keys may have the same. */
  @Column('varchar', { length: MAX_NAME_LENGTH })
  name!: string;

  /** Separated by spaces, as in RFC 6749 §3.3. */
  @Column('varchar', { length: MAX_SCOPES_LENGTH })
  scopes!: string;

  /** SHA-256 of the whole key, in base64url. */
  @Column('varchar', { length: DIGEST_LENGTH })
  digest!: string;

  /** The digest before the last rotation. */
  @Column('varchar', { name: 'previous_digest', length: DIGEST_LENGTH, nullable: true })
  previousDigest!: string | null;

  /** Until when the key before the last rotation works. */
  @Column('varchar', { name: 'previous_until', length: 24, nullable: true })
  previousUntil!: string | null;

  @Column('varchar', { name: 'created_at', length: 24 })
  createdAt!: string;

  @Column('varchar', { name: 'expires_at', length: 24, nullable: true })
  expiresAt!: string | null;

  @Column('varchar', { name: 'rotated_at', length: 24, nullable: true })
  rotatedAt!: string | null;

  @Column('varchar', { name: 'revoked_at', length: 24, nullable: true })
  revokedAt!: string | null;

  /** To the minute. */
  @Column('varchar', { name: 'last_used_at', length: 24, nullable: true })
  lastUsedAt!: string | null;
}
