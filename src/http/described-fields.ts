import { responseField, type RequestField, type ResponseFields } from '../contract/fields.js';
import { REQUEST_ID } from '../contract/openapi/bounds.js';
import type { Operation } from '../contract/operation.js';
import { HEADER_LIMIT_BYTES } from './wire/size-limits.js';

// RFC 9110 §8.8.3, §5.6.1.2, without white space around, which is not part of the value (§5.5).
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7E\x80-\xFF]*"`;
const TAG_LIST = String.raw`^(?:\*|(?:,[\t ]*)*${TAG}(?:[\t ]*,(?:[\t ]*${TAG})?)*)$`;

// RFC 9110 §5.6.7: the form that senders write.
const HTTP_DATE = String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$`;

const isConditional = ({ answers }: Operation) => Array.isArray(answers[412]);
const isRead = (operation: Operation) => operation.method === 'GET' && isConditional(operation);
const isChange = (operation: Operation) => operation.method !== 'GET' && isConditional(operation);

const IF_MATCH = 'Condition: one of these entity-tags is current. Send an ETag as given (RFC 9110 §13.1.1)';
const IF_NONE_MATCH = 'Condition: none of these entity-tags is current. * means any (RFC 9110 §13.1.2)';
const TAG_EXAMPLE = '"3-9f86d081"';
const OR_IGNORED = '. A malformed list is ignored';

/** The conditions of a request (RFC 9110 §13.1). */
export const CONDITION_FIELDS: RequestField[] = [
  {
    name: 'If-Match',
    description: IF_MATCH,
    example: TAG_EXAMPLE,
    harmless: '*',
    pattern: TAG_LIST,
    isFor: isChange,
  },
  {
    name: 'If-Match',
    key: 'If-Match-Read',
    description: IF_MATCH + OR_IGNORED,
    example: TAG_EXAMPLE,
    harmless: '*',
    maxLength: HEADER_LIMIT_BYTES,
    isFor: isRead,
  },
  {
    name: 'If-None-Match',
    description: IF_NONE_MATCH,
    example: TAG_EXAMPLE,
    harmless: '"0"',
    pattern: TAG_LIST,
    isFor: isChange,
  },
  {
    name: 'If-None-Match',
    key: 'If-None-Match-Read',
    description: IF_NONE_MATCH + OR_IGNORED,
    example: TAG_EXAMPLE,
    harmless: '"0"',
    maxLength: HEADER_LIMIT_BYTES,
    isFor: isRead,
  },
  {
    name: 'If-Modified-Since',
    description: 'Condition: the resource has changed since (RFC 9110 §13.1.3)',
    example: 'Sat, 22 Nov 2025 10:05:00 GMT',
    harmless: 'Thu, 01 Jan 1970 00:00:00 GMT',
    pattern: HTTP_DATE,
    isIgnoredOtherwise: true,
    isFor: isRead,
  },
  {
    name: 'If-Unmodified-Since',
    description:
      'Condition: the resource has not changed since (RFC 9110 §13.1.4). Two changes within a second have the same date; ' +
      'If-Match tells them apart',
    example: 'Sat, 22 Nov 2025 10:05:00 GMT',
    harmless: 'Fri, 31 Dec 9999 23:59:59 GMT',
    pattern: HTTP_DATE,
    isIgnoredOtherwise: true,
    isFor: isConditional,
  },
];

/** RFC 7240. */
export const PREFER_FIELD: RequestField = {
  name: 'Prefer',
  description: 'return=minimal for an answer without a body, return=representation for one with it (RFC 7240 §4.2)',
  example: 'return=minimal',
  harmless: 'return=representation',
  pattern: '^[ -~]{1,1000}$',
  isIgnoredOtherwise: true,
  isFor: ({ followsPrefer }) => followsPrefer === true,
};

/** RFC 9110 §8.4. */
export const CONTENT_ENCODING_FIELD: RequestField = {
  name: 'Content-Encoding',
  description: 'How the body is compressed (RFC 9110 §8.4)',
  example: 'gzip',
  harmless: 'identity',
  values: ['identity', 'gzip'],
  isFor: ({ body }) => body !== undefined,
};

export const REQUEST_ID_FIELD: RequestField = {
  name: 'X-Request-Id',
  description:
    'Identifies this request in the answer and in the log. Without it, or in another form, the service makes one',
  example: 'a1b2c3',
  harmless: 'a1b2c3',
  pattern: REQUEST_ID.pattern,
  isIgnoredOtherwise: true,
  isFor: () => true,
};

// A list of names or directives that the service chooses.
const LIST = { maxLength: 1_000 };

/** The header fields of answers that belong to no subject. */
export const HTTP_RESPONSE_FIELDS: ResponseFields = {
  'X-Request-Id': responseField(
    'The X-Request-Id of the request, or a new one. It identifies this answer in the log',
    'a1b2c3',
    REQUEST_ID,
  ),
  'Cache-Control': responseField('How caches may store this answer (RFC 9111 §5.2.2)', 'no-store', LIST),
  Vary: responseField('The fields of the request that this answer may depend on (RFC 9110 §12.5.5)', 'Accept', LIST),
  'Preference-Applied': responseField('The preference that was followed (RFC 7240 §3)', 'return=minimal', {
    enum: ['return=minimal', 'return=representation'],
  }),
  Allow: responseField('The methods that the resource offers (RFC 9110 §10.2.1)', 'GET, HEAD, OPTIONS, POST', LIST),
  Accept: responseField('The media types that the operation reads (RFC 9110 §12.5.1)', 'application/json', LIST),
  'Accept-Patch': responseField('The media types of patches (RFC 5789 §3.1)', 'application/merge-patch+json', LIST),
  'Accept-Encoding': responseField('The content codings that the operation reads (RFC 9110 §12.5.3)', 'gzip', LIST),
  'Retry-After': responseField('Seconds to wait before trying again (RFC 9110 §10.2.3)', '1', {
    pattern: String.raw`^\d{1,9}$`,
  }),
};
