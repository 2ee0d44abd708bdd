import type { Histogram } from '../counting/histogram.js';

/** The values of the labels of one series, by name. */
export type Labels = Record<string, string>;

interface Described {
  name: string;
  /** What it counts or measures, as a sentence without its full stop. */
  help: string;
}

/** A family of series, as it is read at a scrape. A value that can't be known now is undefined, and left out. */
export type Family = Described &
  (
    | { type: 'counter' | 'gauge'; read: () => [Labels, number | undefined][] }
    | { type: 'histogram'; read: () => [Labels, Histogram][] }
  );

/** A family of one series. */
export function single(type: 'counter' | 'gauge', name: string, help: string, read: () => number | undefined): Family {
  return { type, name, help, read: () => [[{}, read()]] };
}
