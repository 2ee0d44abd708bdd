import { randomInt } from 'node:crypto';
import MemoryStorage from 'rate-limiter-flexible/lib/component/MemoryStorage/MemoryStorage.js';
import type { RateLimit } from '../config/settings/rate-limit.js';

/** The most names that are counted each for itself. Further ones share {@link SHARED_COUNTS} counts. */
export const MOST_NAMES = 20_000;

const SHARED_COUNTS = 1_024;

/** Nobody outside can tell which names share a count. */
const SEED = randomInt(2 ** 32);

/** What is left of a quota after a request. */
export interface Left {
  requests: number;
  /** Whole seconds until the window ends, rounded up. */
  seconds: number;
  isExceeded: boolean;
}

/** One limit for many names: each may use `quota` requests in a window, which begins with its first request. */
export class Quota {
  // RateLimiterMemory adds nothing to this store but a promise for each request.
  private readonly counts = new MemoryStorage();
  /** How many names were counted for the first time in this stretch of time, as long as a window, and in the last. */
  private begun = { stretch: 0, now: 0, before: 0 };

  constructor(
    readonly limit: RateLimit,
    private readonly mostNames = MOST_NAMES,
  ) {}

  /** Counts a request of a name. */
  use(name: string): Left {
    return this.count(this.keyOf(name), 1);
  }

  /** Counts that many more requests of a name, or none of them if not all are left. */
  useMore(name: string, requests: number): Left {
    const key = this.keyOf(name);
    const now = this.count(key, 0);
    return now.requests < requests ? { ...now, isExceeded: true } : this.count(key, requests);
  }

  private keyOf(name: string): string {
    return this.isFull() && !this.counts.get(name) ? sharedCountOf(name) : name;
  }

  private count(key: string, requests: number): Left {
    const { counts, limit } = this;
    const { consumedPoints, msBeforeNext, isFirstInDuration } = counts.incrby(key, requests, limit.windowSeconds);
    if (isFirstInDuration) this.begun.now += 1;
    return {
      requests: Math.max(0, limit.quota - consumedPoints),
      // If the clock was set back, the store still ends the window on time, but says that more time is left.
      seconds: Math.min(limit.windowSeconds, Math.ceil(msBeforeNext / 1_000)),
      isExceeded: consumedPoints > limit.quota,
    };
  }

  /** A name is forgotten a window after its first request, so at most those of this stretch and the last are known. */
  private isFull(): boolean {
    const stretch = Math.floor(Date.now() / (this.limit.windowSeconds * 1_000));
    const { stretch: last, now } = this.begun;
    if (stretch !== last) this.begun = { stretch, now: 0, before: stretch === last + 1 ? now : 0 };
    return this.begun.now + this.begun.before >= this.mostNames;
  }
}

function sharedCountOf(name: string): string {
  let hash = SEED;
  for (const character of name) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) >>> 0;
  return `shared ${hash % SHARED_COUNTS}`;
}
