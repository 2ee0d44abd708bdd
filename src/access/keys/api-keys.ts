import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, MONOTONIC_CLOCK, type Clock, type MonotonicClock } from '../../config/clock.js';
import type { Caller } from '../../contract/caller.js';
import { BoundedMap } from './bounded-map.js';
import { KeyLookUps } from './key-look-ups.js';
import { idIn, isWhole } from './key-text.js';
import { MAX_KNOWN, MAX_UNKNOWN, REFRESHED_AFTER_MS, REMEMBERED_MS, USE_RECORDED_MS } from './key.limits.js';
import type { KnownKey } from './known-key.js';
import { LastUses } from './last-uses.js';

/**
 * Whose a key is. What a look-up found is remembered for 5 s from its start, so a revocation holds everywhere within 5 s. A
 * key in use is read again before that, in the background, so its requests don't wait.
 */
@Injectable()
export class ApiKeys {
  /** By id. */
  private readonly known = new BoundedMap<string, KnownKey>(MAX_KNOWN);
  /** By the digest of a key that does not count: when its look-up began, by the monotonic clock. */
  private readonly unknown = new BoundedMap<string, number>(MAX_UNKNOWN);
  /** The digest that is compared. One buffer for all, since making one costs more than the digest. */
  private readonly sent = Buffer.alloc(32);

  constructor(
    private readonly lookUps: KeyLookUps,
    private readonly lastUses: LastUses,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
  ) {}

  /**
   * The caller of a key as it was sent: `key:<id>`. Undefined if it is malformed, unknown, expired or revoked. A promise only
   * if the key is not at hand; it rejects with DatabaseFault if the database is away. Whoever asks again about a request that
   * goes on, such as a stream, passes how old the answer may be, in milliseconds, up to 5000.
   */
  callerOf(text: string, maxAgeMs = REMEMBERED_MS): Caller | undefined | Promise<Caller | undefined> {
    const id = idIn(text);
    if (id === undefined) return undefined;
    const now = this.monotonic();
    // As a string with a byte in each character: a buffer costs three times as much.
    const digest = hash('sha256', text, 'binary');
    const key = this.known.get(id);
    if (key !== undefined && now - key.readAt < maxAgeMs) {
      const caller = this.callerWith(digest, key);
      if (caller) {
        if (now - key.readAt >= REFRESHED_AFTER_MS) this.refresh(id, key);
        return caller;
      }
    }
    const isTold = now - (this.unknown.get(digest) ?? -Infinity) < maxAgeMs || !isWhole(text);
    return isTold ? undefined : this.lookUp(id, digest);
  }

  private async lookUp(id: string, digest: string): Promise<Caller | undefined> {
    const key = await this.read(id);
    const caller = this.callerWith(digest, key);
    if (!caller) this.unknown.set(digest, key.readAt);
    return caller;
  }

  private callerWith(digest: string, key: KnownKey): Caller | undefined {
    const now = this.clock().getTime();
    this.sent.write(digest, 'binary');
    const caller = key.callerOf(this.sent, now);
    if (caller && now >= key.recordedFrom) this.recordUse(key, now);
    return caller;
  }

  private recordUse(key: KnownKey, now: number): void {
    key.recordedFrom = now + USE_RECORDED_MS;
    this.lastUses.note(key.id, now);
  }

  private async read(id: string): Promise<KnownKey> {
    const key = await this.lookUps.find(id);
    if (!key.exists) {
      this.known.delete(id);
      return key;
    }
    // A use may be noted, and not recorded yet.
    key.recordedFrom = Math.max(key.recordedFrom, this.known.get(id)?.recordedFrom ?? -Infinity);
    this.known.set(id, key);
    return key;
  }

  // If the database is away the key counts until its time is over.
  private refresh(id: string, key: KnownKey): void {
    if (key.isBeingRead) return;
    key.isBeingRead = true;
    this.read(id).catch(() => (key.isBeingRead = false));
  }
}
