/** RFC 3339 §5.6. Its letters may be small. */
const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/i;

const MINUTE_MS = 60_000;
const LAST_STORED = '9999-12-31T23:59:59.999Z';

/** A time, compared with those of items. */
export interface TimeValue {
  /** RFC 3339 in UTC, to the millisecond, as items have it. */
  stored: string;
  /** Whether it is that time, and not later by less than a millisecond. */
  isExact: boolean;
}

/** A time of RFC 3339; undefined if it is none. A leap second counts as the second after it. */
export function parseTime(text: string): TimeValue | undefined {
  const found = TIME.exec(text);
  if (!found) return undefined;
  const [, date = '', hour, minute, second, fraction = '', sign, offsetHour = 0, offsetMinute = 0] = found;
  const isLeapSecond = second === '60';
  const localMs = Date.parse(`${date}T${hour}:${minute}:${isLeapSecond ? '59' : second}Z`);
  if (hour === '24' || !isDate(date) || Number.isNaN(localMs)) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute)) * MINUTE_MS;
  const utcMs = localMs - offsetMs;
  // RFC 3339 §5.7: a leap second ends a day of UTC.
  if (isLeapSecond && new Date(utcMs).toISOString().slice(-13, -5) !== '23:59:59') return undefined;
  const stored = new Date(
    utcMs + (isLeapSecond ? 1_000 : 0) + Number(fraction.slice(0, 3).padEnd(3, '0')),
  ).toISOString();
  // Years before 0000 begin with `-`, which sorts before all digits; later ones with `+`, which would do so too.
  if (stored.startsWith('+')) return { stored: LAST_STORED, isExact: false };
  return { stored, isExact: !/[1-9]/.test(fraction.slice(3)) };
}

// Date.parse takes February 30th for March 2nd.
function isDate(date: string): boolean {
  const time = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
}
