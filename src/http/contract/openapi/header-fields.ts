import type { HeaderObject } from '@nestjs/swagger';

const text = (description: string, example: string): HeaderObject => ({
  description,
  required: true,
  schema: { type: 'string' },
  example,
});

/** Every header field that a declaration may require, described once. */
export const HEADER_FIELDS: Record<string, HeaderObject> = {
  'X-Request-Id': text('The X-Request-Id of the request, or a new one; it names this answer in the log', 'a1b2c3'),
  'Cache-Control': text('How this answer may be stored (RFC 9111 §5.2.2)', 'no-store'),
  ETag: text(
    'The entity-tag, as it comes: of an item strong; of a page of items weak; of a document strong (RFC 9110 §8.8.3)',
    '"3-9f86d081"',
  ),
  'Last-Modified': text(
    'When the item last changed, in whole seconds (RFC 9110 §8.8.2)',
    'Sat, 22 Nov 2025 10:05:00 GMT',
  ),
  Vary: text('The fields of the request that chose this answer, or might have (RFC 9110 §12.5.5)', 'Accept'),
  Location: text('Where the new item is (RFC 9110 §10.2.2)', '/items/bolt-m8'),
  'Content-Location': text('The item that the content represents (RFC 9110 §8.7)', '/items/bolt-m8'),
  Link: text('rel="first", and rel="next" unless it is the last page (RFC 8288)', '</items?limit=20>; rel="first"'),
  'Idempotency-Replayed': text('true where this is the first answer once more, and nothing was done again', 'true'),
  'Content-Security-Policy': text('What the page may load', "default-src 'none'"),
  'Preference-Applied': text('The preference that was followed (RFC 7240 §3)', 'return=minimal'),
  Allow: text('The methods that the resource offers (RFC 9110 §10.2.1)', 'GET, HEAD, OPTIONS, POST'),
  Accept: text('The media types that the operation reads (RFC 9110 §12.5.1)', 'application/json'),
  'Accept-Patch': text('The media types of patches (RFC 5789 §3.1)', 'application/merge-patch+json'),
  'Accept-Encoding': text('The content codings that the operation reads (RFC 9110 §12.5.3)', 'gzip'),
  'Retry-After': text('Seconds to wait before trying again (RFC 9110 §10.2.3)', '1'),
};
