import type { IncomingHttpHeaders } from 'node:http';
import { elementsOf } from '../fields/list-field.js';

/** RFC 9110 §8.4.1.3: x-gzip is another name of gzip. */
const GZIP = ['gzip', 'x-gzip'];

/** The content codings that bodies may have. */
export const CODINGS = ['identity', ...GZIP];

/** The codings that Content-Encoding names, in lower case. */
export function codingsOf({ 'content-encoding': field }: IncomingHttpHeaders): string[] {
  return field === undefined ? [] : elementsOf(field.toLowerCase());
}

/** Whether a body is packed with gzip. The checks of the head have refused more than one coding. */
export function isGzip(headers: IncomingHttpHeaders): boolean {
  return GZIP.includes(codingsOf(headers)[0] ?? '');
}
