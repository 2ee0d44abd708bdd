import { quotaExceeded } from './rate-limits.problems.js';

/** Answer of every operation that has a rate. */
export const limited = { 429: [quotaExceeded] };
