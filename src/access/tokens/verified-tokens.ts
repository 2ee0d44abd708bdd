import type { Clock, MonotonicClock } from '../../config/clock.js';
import type { Caller } from '../../contract/caller.js';
import type { KeySet } from './key-set.js';

/** How long a verified token is remembered. */
const MAX_AGE_MS = 300_000;

/** The most tokens that are remembered: about 6 MB. */
const MOST_TOKENS = 10_000;

interface Verified {
  caller: Caller;
  /** By the monotonic clock. */
  verifiedAt: number;
}

/** Remembers the callers of verified tokens, by the digest of the token. */
export class VerifiedTokens {
  private readonly byDigest = new Map<string, Verified>();
  private keys: KeySet | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly monotonic: MonotonicClock,
  ) {}

  /** The caller of a token that these keys verified; undefined if it must be verified again. */
  find(digest: string, keys: KeySet): Caller | undefined {
    if (this.keys !== keys) return undefined;
    const found = this.byDigest.get(digest);
    return found && this.stillCounts(found) ? found.caller : undefined;
  }

  /** Remembers the caller of a token that these keys verified. Tokens that other keys verified are forgotten. */
  add(digest: string, caller: Caller, keys: KeySet): void {
    if (this.keys !== keys) this.byDigest.clear();
    this.keys = keys;
    // Deleted first, so that it becomes the youngest.
    this.byDigest.delete(digest);
    this.byDigest.set(digest, { caller, verifiedAt: this.monotonic() });
    if (this.byDigest.size <= MOST_TOKENS) return;
    const [oldest] = this.byDigest.keys();
    this.byDigest.delete(oldest!);
  }

  private stillCounts({ caller: { expiresAt = Infinity }, verifiedAt }: Verified): boolean {
    return this.clock().getTime() < expiresAt && this.monotonic() - verifiedAt < MAX_AGE_MS;
  }
}
