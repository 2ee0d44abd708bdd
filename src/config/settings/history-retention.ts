/** A number of days: up to about a century, as nobody means more. */
export const RETENTION = { fallback: '', expected: 'a number of days from 1 to 36500', parse: parseDays };

function parseDays(text: string): number | undefined {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 36_500 ? Number(text) : undefined;
}
