import type { IncomingHttpHeaders } from 'node:http';
import { elementsOf } from '../fields/list-field.js';
import { fromGzip } from './gzip.js';

/** RFC 9110 §8.4.1.3: x-gzip is another name of gzip. */
const GZIP = ['gzip', 'x-gzip'];

/** The content codings that bodies may have. */
export const CODINGS = ['identity', ...GZIP];

/** The codings that Content-Encoding names, in lower case. */
export function codingsOf({ 'content-encoding': field }: IncomingHttpHeaders): string[] {
  return field === undefined ? [] : elementsOf(field.toLowerCase());
}

/** The body without its content coding, of which it has at most one. Problems: malformedGzip (400), bodyTooLarge (413). */
export async function decoded(bytes: Buffer, headers: IncomingHttpHeaders, limitBytes: number): Promise<Buffer> {
  return GZIP.includes(codingsOf(headers)[0] ?? '') ? fromGzip(bytes, limitBytes) : bytes;
}
