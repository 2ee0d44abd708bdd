/** How long a stop may take: in it running requests are answered and the database is closed. */
export const SHUTDOWN_TIMEOUT = {
  fallback: '9500',
  expected: 'a number of milliseconds from 3000 to 999999',
  parse: parseTimeout,
};

/** What DRAIN_DELAY_MS leaves of SHUTDOWN_TIMEOUT_MS at least, for the running requests and the database. */
export const LEFT_BY_DELAY_MS = 2_500;

/** How long requests are served after the signal to stop. */
export const DRAIN_DELAY = { fallback: '0', expected: 'a number of milliseconds from 0 to 999999', parse: parseDelay };

function parseTimeout(text: string): number | undefined {
  const milliseconds = parseDelay(text);
  return milliseconds !== undefined && milliseconds >= 3_000 ? milliseconds : undefined;
}

function parseDelay(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
