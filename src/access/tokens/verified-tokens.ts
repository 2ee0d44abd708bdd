import type { Caller } from '../../contract/caller.js';
import type { KeySet } from './key-set.js';

/** How long a verified token is remembered. */
const MAX_AGE_MS = 300_000;

/** The most tokens that are remembered: about 6 MB. */
const MOST_TOKENS = 10_000;

interface Verified {
  caller: Caller;
  /** In milliseconds since 1970. */
  until: number;
}

/** Remembers the callers of verified tokens, by the digest of the token. */
export class VerifiedTokens {
  private readonly byDigest = new Map<string, Verified>();
  private keys: KeySet | undefined;

  /** The caller of a token that these keys verified; undefined if it must be verified again. `now` in milliseconds since 1970. */
  find(digest: string, keys: KeySet, now: number): Caller | undefined {
    if (this.keys !== keys) return undefined;
    const found = this.byDigest.get(digest);
    return found && now < found.until ? found.caller : undefined;
  }

  /** Remembers the caller of a token that these keys verified. Tokens that other keys verified are forgotten. */
  add(digest: string, caller: Caller, keys: KeySet, now: number): void {
    if (this.keys !== keys) this.byDigest.clear();
    this.keys = keys;
    const until = Math.min(caller.expiresAt ?? Infinity, now + MAX_AGE_MS);
    // Deleted first, so that it becomes the youngest.
    this.byDigest.delete(digest);
    this.byDigest.set(digest, { caller, until });
    if (this.byDigest.size <= MOST_TOKENS) return;
    const [oldest] = this.byDigest.keys();
    this.byDigest.delete(oldest!);
  }
}
