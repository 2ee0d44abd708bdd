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

  /** `readAt`: when its look-up began, by the monotonic clock. Without a row it stands for a key that does not exist. */
  constructor(
    readonly readAt: number,
    row?: ApiKey,
  ) {
    this.exists = row !== undefined;
    this.id = row?.id ?? '';
    const expiresAt = timeOf(row?.expiresAt) ?? Infinity;
    const scopes = new Set(SCOPES.filter((scope) => row?.scopes.split(' ').includes(scope)));
    const knownUntil = readAt + REMEMBERED_MS;
    this.caller = { id: `key:${this.id}`, scopes, knownUntil, ...(expiresAt < Infinity && { expiresAt }) };
    this.current = secretOf(row?.digest, expiresAt);
    this.previous = secretOf(row?.previousDigest, Math.min(expiresAt, timeOf(row?.previousUntil) ?? -Infinity));
    this.recordedFrom = (timeOf(row?.lastUsedAt) ?? -Infinity) + USE_RECORDED_MS;
  }

  /** The caller, if `digest` is that of one of its secrets, and `now`, in milliseconds since 1970, is not too late for it. */
  callerOf(digest: Buffer, now: number): Caller | undefined {
    if (timingSafeEqual(digest, this.current.digest) && now < this.current.until) return this.caller;
    if (timingSafeEqual(digest, this.previous.digest) && now < this.previous.until) return this.caller;
    return undefined;
  }
}

function secretOf(digest: string | null | undefined, until: number): Secret {
  return typeof digest === 'string' ? { digest: Buffer.from(digest, 'base64url'), until } : NO_SECRET;
}

function timeOf(text: string | null | undefined): number | undefined {
  return typeof text === 'string' ? Date.parse(text) : undefined;
}
