import type { HeaderObject, ReferenceObject, SchemaObject } from '@nestjs/swagger';
import { LINK, REQUEST_ID } from './bounds.js';

const text = (description: string, example: string, bounds: SchemaObject): HeaderObject => ({
  description,
  required: true,
  schema: { type: 'string', ...bounds },
  example,
});

// A list of names or directives that the service keeps.
const LIST = { maxLength: 1_000 };

// RFC 9110 §5.6.7.
const HTTP_DATE = { pattern: String.raw`^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$` };

/** Every header field that a declaration may require, described once. */
export const HEADER_FIELDS: Record<string, HeaderObject> = {
  'X-Request-Id': text(
    'The X-Request-Id of the request, or a new one; it names this answer in the log',
    'a1b2c3',
    REQUEST_ID,
  ),
  'Cache-Control': text('How this answer may be stored (RFC 9111 §5.2.2)', 'no-store', LIST),
  ETag: text(
    'The entity-tag, as it comes: of an item strong; of a page of items weak; of a document strong (RFC 9110 §8.8.3)',
    '"3-9f86d081"',
    { pattern: String.raw`^(?:W/)?"[\x21\x23-\x7E]{1,64}"$` },
  ),
  'Last-Modified': text(
    'When the item last changed, in whole seconds (RFC 9110 §8.8.2)',
    'Sat, 22 Nov 2025 10:05:00 GMT',
    HTTP_DATE,
  ),
  Vary: text('The fields of the request that chose this answer, or might have (RFC 9110 §12.5.5)', 'Accept', LIST),
  Location: text('Where the new item is (RFC 9110 §10.2.2)', '/items/bolt-m8', LINK),
  'Content-Location': text('The item that the content represents (RFC 9110 §8.7)', '/items/bolt-m8', LINK),
  Link: text('rel="first", and rel="next" unless it is the last page (RFC 8288)', '</items?limit=20>; rel="first"', {
    maxLength: 32_768,
  }),
  'Idempotency-Replayed': text('true where this is the first answer once more, and nothing was done again', 'true', {
    enum: ['true'],
  }),
  'Content-Security-Policy': text('What the page may load', "default-src 'none'", LIST),
  'Preference-Applied': text('The preference that was followed (RFC 7240 §3)', 'return=minimal', {
    enum: ['return=minimal', 'return=representation'],
  }),
  Allow: text('The methods that the resource offers (RFC 9110 §10.2.1)', 'GET, HEAD, OPTIONS, POST', LIST),
  Accept: text('The media types that the operation reads (RFC 9110 §12.5.1)', 'application/json', LIST),
  'Accept-Patch': text('The media types of patches (RFC 5789 §3.1)', 'application/merge-patch+json', LIST),
  'Accept-Encoding': text('The content codings that the operation reads (RFC 9110 §12.5.3)', 'gzip', LIST),
  'Retry-After': text('Seconds to wait before trying again (RFC 9110 §10.2.3)', '1', {
    pattern: String.raw`^\d{1,9}$`,
  }),
};

const OPTIONAL = 'Optional-';

/** A reference to a field that each occurrence of an answer carries, or that it carries at times. */
export function fieldReference(name: string, isRequired = true): ReferenceObject {
  return { $ref: `#/components/headers/${isRequired ? '' : OPTIONAL}${name}` };
}

/** What the references of a part of the document lead to. */
export function fieldsReferredTo(part: object): Record<string, HeaderObject> {
  const names = new Set(
    [...JSON.stringify(part).matchAll(/#\/components\/headers\/([\w-]+)"/g)].map(([, name = '']) => name),
  );
  const entries = [...names].sort().map((name) => {
    const isRequired = !name.startsWith(OPTIONAL);
    return [name, { ...HEADER_FIELDS[isRequired ? name : name.slice(OPTIONAL.length)], required: isRequired }];
  });
  return Object.fromEntries(entries) as Record<string, HeaderObject>;
}
