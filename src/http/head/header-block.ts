import type { FastifyRequest } from 'fastify';
import { headerTooLarge } from '../wire/message.problems.js';
import { HEADER_LIMIT_BYTES, HEADER_LIMIT_FIELDS } from '../wire/size-limits.js';

const LINE_BYTES = ': \r\n'.length;

/** Problem: headerTooLarge (431). It names a field that takes more than half of the limit. RFC 6585 §5. */
export function checkHeaderBlock({ raw: { rawHeaders } }: FastifyRequest): void {
  const count = rawHeaders.length / 2;
  if (count > HEADER_LIMIT_FIELDS) {
    throw headerTooLarge(
      HEADER_LIMIT_FIELDS,
      'fields',
      largestOver(HEADER_LIMIT_FIELDS / 2, rawHeaders, () => 1),
    );
  }
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length, count * LINE_BYTES);
  if (bytes > HEADER_LIMIT_BYTES) {
    const sizeOf = (name: string, value: string) => name.length + value.length + LINE_BYTES;
    throw headerTooLarge(HEADER_LIMIT_BYTES, 'bytes', largestOver(HEADER_LIMIT_BYTES / 2, rawHeaders, sizeOf));
  }
}

/** The field whose lines together take more than `share`. */
function largestOver(
  share: number,
  rawHeaders: string[],
  sizeOf: (name: string, value: string) => number,
): string | undefined {
  const sums = new Map<string, number>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    sums.set(name.toLowerCase(), (sums.get(name.toLowerCase()) ?? 0) + sizeOf(name, value));
  }
  return [...sums].find(([, sum]) => sum > share)?.[0];
}
