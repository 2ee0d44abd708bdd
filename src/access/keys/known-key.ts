import { timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../contract/caller.js';
import { SCOPES } from '../../contract/operation.js';
import type { ApiKey } from './api-key.entity.js';
import { REMEMBERED_MS, USE_RECORDED_MS } from './key.limits.js';

/** A digest that a key may have, and until when, in milliseconds since 1970. */
interface Secret {
  digest: Buffer;
  until: number;
}

/** What no key has. It is compared in place of digests that are missing, so that it takes as long. */
const NO_SECRET: Secret = { digest: Buffer.alloc(32), until: -Infinity };

/** What a look-up found for an id. If there is no such key, or it was revoked, all but the id is null. */
export type FoundKey = Pick<ApiKey, 'id' | 'previousDigest' | 'previousUntil' | 'expiresAt' | 'lastUsedAt'> & {
  scopes: string | null;
  digest: string | null;
};

/** What was read of a key. */
export class KnownKey {
  /** Whether it is being read again. */
  isBeingRead = false;
  /** Whether there is such a key. */
  readonly exists: boolean;
  readonly id: string;
  /** From when its next use is recorded, in milliseconds since 1970. */
  recordedFrom: number;
  private readonly caller: Caller;
  private readonly current: Secret;
  private readonly previous: Secret;

  /** `readAt`: when its look-up began, by the monotonic clock. */
  constructor(
    readonly readAt: number,
    row: FoundKey,
  ) {
    this.exists = row.digest !== null;
    this.id = row.id;
    const expiresAt = timeOf(row.expiresAt) ?? Infinity;
    const granted = row.scopes?.split(' ') ?? [];
    const scopes = new Set(SCOPES.filter((scope) => granted.includes(scope)));
    const knownUntil = readAt + REMEMBERED_MS;
    this.caller = { id: `key:${this.id}`, scopes, knownUntil, ...(expiresAt < Infinity && { expiresAt }) };
    this.current = secretOf(row.digest, expiresAt);
    this.previous = secretOf(row.previousDigest, Math.min(expiresAt, timeOf(row.previousUntil) ?? -Infinity));
    this.recordedFrom = (timeOf(row.lastUsedAt) ?? -Infinity) + USE_RECORDED_MS;
  }

  /** The caller, if `digest` is that of one of its secrets, and `now`, in milliseconds since 1970, is not too late for it. */
  callerOf(digest: Buffer, now: number): Caller | undefined {
    if (timingSafeEqual(digest, this.current.digest) && now < this.current.until) return this.caller;
    if (timingSafeEqual(digest, this.previous.digest) && now < this.previous.until) return this.caller;
    return undefined;
  }
}

function secretOf(digest: string | null, until: number): Secret {
  return digest !== null ? { digest: Buffer.from(digest, 'base64url'), until } : NO_SECRET;
}

function timeOf(text: string | null): number | undefined {
  return text !== null ? Date.parse(text) : undefined;
}
