const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// RFC 9110 §5.6.7: the form that senders write, and the two obsolete ones that must still be read.
const FORMS = [
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

/** The time of an HTTP-date in milliseconds since 1970, always whole seconds; undefined if the text is not a date. */
export function parseHttpDate(text: string, now = new Date()): number | undefined {
  const {
    day = '',
    month = '',
    year = '',
    time = '',
  } = FORMS.map((form) => form.exec(text)).find(Boolean)?.groups ?? {};
  const fullYear = year.length === 2 ? inThisCentury(Number(year), now) : Number(year);
  const date = `${String(fullYear).padStart(4, '0')}-${pad(MONTHS.indexOf(month) + 1)}-${pad(Number(day))}`;
  const moment = Date.parse(`${date}T${time}Z`);
  // Date.parse reads the 31st of a short month as the 1st of the next.
  return Number.isNaN(moment) || !new Date(moment).toISOString().startsWith(date) ? undefined : moment;
}

// RFC 9110 §5.6.7: a year that seems more than 50 years ahead is the most recent past year with these digits.
function inThisCentury(twoDigits: number, now: Date): number {
  const present = now.getUTCFullYear();
  const year = present - (present % 100) + twoDigits;
  return year > present + 50 ? year - 100 : year;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
