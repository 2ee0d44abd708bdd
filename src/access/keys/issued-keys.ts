import type { DataSource, EntityManager, Repository } from 'typeorm';
import type { Clock } from '../../config/clock.js';
import type { Scope } from '../../contract/operation.js';
import { requireNoForeign } from '../../database/migrate.js';
import { FOREIGN_MIGRATIONS } from '../../database/migrations/schema.js';
import { ApiKey } from './api-key.entity.js';
import { digestOf, newId, newKey } from './key-text.js';
import { ROTATION_MS } from './key.limits.js';

/** What a key is to be. */
export interface KeyRequest {
  name: string;
  scopes: Scope[];
  /** Milliseconds; without it the key never expires. */
  lifetimeMs?: number;
}

/**
 * A key that was made just now. `text` is shown once and kept nowhere, so whoever made it must be able to show it without asking
 * the database for more.
 */
export interface IssuedKey {
  id: string;
  text: string;
  /** RFC 3339; null if it never expires. */
  expiresAt: string | null;
}

/** A new secret of a key. */
export interface RotatedKey {
  id: string;
  text: string;
  /** Until when the secret before it works: RFC 3339; null if not at all. */
  previousUntil: string | null;
}

/** The keys that were issued, for those who manage them. Errors are TypeORM's. */
export class IssuedKeys {
  private readonly keys: Repository<ApiKey>;

  constructor(
    private readonly writer: DataSource,
    private readonly clock: Clock,
  ) {
    this.keys = writer.getRepository(ApiKey);
  }

  async create({ name, scopes, lifetimeMs }: KeyRequest): Promise<IssuedKey> {
    const id = newId();
    const text = newKey(id);
    const now = this.clock();
    const expiresAt = lifetimeMs === undefined ? null : textOf(now, lifetimeMs);
    const key = { id, name, scopes: scopes.join(' '), digest: digestOf(text), createdAt: textOf(now), expiresAt };
    await this.change((manager) => manager.insert(ApiKey, key));
    return { id, text, expiresAt };
  }

  /** All keys, oldest first, revoked ones too. */
  list(): Promise<ApiKey[]> {
    return this.keys.find({ order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /** The key with this id. */
  async find(id: string): Promise<ApiKey | undefined> {
    return (await this.keys.findOneBy({ id })) ?? undefined;
  }

  /**
   * Gives a key a new secret. The one before works for 24 h more, or with `isNow` not at all, and all older ones don't.
   * Undefined if the key does not exist, has expired or was revoked.
   */
  async rotate(id: string, isNow: boolean): Promise<RotatedKey | undefined> {
    const text = newKey(id);
    const now = this.clock();
    const previousUntil = isNow ? null : textOf(now, ROTATION_MS);
    const { affected } = await this.change((manager) =>
      manager
        .createQueryBuilder()
        .update(ApiKey)
        .set({
          previousDigest: isNow ? null : () => 'digest',
          previousUntil,
          digest: digestOf(text),
          rotatedAt: textOf(now),
        })
        .where('id = :id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)', {
          id,
          now: textOf(now),
        })
        .execute(),
    );
    return affected === 1 ? { id, text, previousUntil } : undefined;
  }

  /** Revokes a key. False if it does not exist, or was revoked before. */
  async revoke(id: string): Promise<boolean> {
    const { affected } = await this.change((manager) =>
      manager
        .createQueryBuilder()
        .update(ApiKey)
        .set({ revokedAt: textOf(this.clock()) })
        .where('id = :id AND revoked_at IS NULL', { id })
        .execute(),
    );
    return affected === 1;
  }

  /** The schema may have been changed, or the file moved, since it was opened: nothing may be told of a change that is not in the database in use. */
  private async change<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    try {
      // On SQLite at once with the lock: what was read before could be another's by the time of the write.
      await runner.query(this.writer.options.type === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN');
      try {
        const foreign = (await runner.query(FOREIGN_MIGRATIONS)) as { name: string }[];
        requireNoForeign(foreign.map(({ name }) => name));
        const result = await work(runner.manager);
        await runner.query('COMMIT');
        return result;
      } catch (error) {
        await runner.query('ROLLBACK').catch(alreadyEnded);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}

// What went wrong first is what counts.
function alreadyEnded(): void {}

/** A time, or one so many milliseconds after it, as RFC 3339. */
function textOf(time: Date, plusMs = 0): string {
  return new Date(time.getTime() + plusMs).toISOString();
}
