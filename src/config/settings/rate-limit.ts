/** A limit: so many requests in a window. */
export interface RateLimit {
  /** The most requests in one window. */
  quota: number;
  windowSeconds: number;
}

const SECONDS = { s: 1, m: 60, h: 3_600 };

const DAY_SECONDS = 86_400;

/** The setting of a limit, such as `1000/60s`. `off`, the default, gives null. */
export const RATE_LIMIT = {
  fallback: 'off',
  expected: 'off, or a number of requests and a time up to 24h, such as 1000/60s, 50/1m or 9/1h',
  parse: parseRateLimit,
};

function parseRateLimit(text: string): RateLimit | null | undefined {
  if (text === 'off') return null;
  const [, quota, time, unit] = /^([1-9]\d{0,8})\/([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  if (unit === undefined) return undefined;
  const windowSeconds = Number(time) * SECONDS[unit as keyof typeof SECONDS];
  return windowSeconds <= DAY_SECONDS ? { quota: Number(quota), windowSeconds } : undefined;
}
