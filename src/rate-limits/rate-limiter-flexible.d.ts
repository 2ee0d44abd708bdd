// The package has types for its main file only.
declare module 'rate-limiter-flexible/lib/component/MemoryStorage/MemoryStorage.js' {
  import type { RateLimiterRes } from 'rate-limiter-flexible';

  /** Counts that each end a while after they began, and are then forgotten. */
  export default class MemoryStorage {
    /** Adds to the count of a key, and begins it if there is none. */
    incrby(key: string, points: number, durationSeconds: number): RateLimiterRes;
    get(key: string): RateLimiterRes | null;
  }
}
