import { responseField, type RequestField, type ResponseFields } from '../../../contract/fields.js';
import { isRead, type Operation } from '../../../contract/operation.js';
import { HEADER_LIMIT_BYTES } from '../../wire/size-limits.js';

// RFC 9110 §8.8.3, §5.6.1.2, without white space around, which is not part of the value (§5.5).
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7E\x80-\xFF]*"`;
const TAG_LIST = String.raw`^(?:\*|(?:,[\t ]*)*${TAG}(?:[\t ]*,(?:[\t ]*${TAG})?)*)$`;

// RFC 9110 §5.6.7: the form that senders write.
const HTTP_DATE = String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$`;

const isConditional = ({ answers, hasNoRepresentation }: Operation) =>
  Array.isArray(answers[412]) && hasNoRepresentation !== true;
const isConditionalRead = (operation: Operation) => isRead(operation) && isConditional(operation);
const isChange = (operation: Operation) => !isRead(operation) && isConditional(operation);

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
    isFor: isConditionalRead,
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
    isFor: isConditionalRead,
  },
  {
    name: 'If-Modified-Since',
    description: 'Condition: the resource has changed since (RFC 9110 §13.1.3)',
    example: 'Sat, 22 Nov 2025 10:05:00 GMT',
    harmless: 'Thu, 01 Jan 1970 00:00:00 GMT',
    pattern: HTTP_DATE,
    isIgnoredOtherwise: true,
    isFor: isConditionalRead,
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

/** The validators of answers (RFC 9110 §8.8). */
export const VALIDATOR_FIELDS: ResponseFields = {
  ETag: responseField(
    'The entity-tag, as it comes: of an item strong; of a page of items weak; of a document strong (RFC 9110 §8.8.3)',
    '"3-9f86d081"',
    { pattern: String.raw`^(?:W/)?"[\x21\x23-\x7E]{1,64}"$` },
  ),
  'Last-Modified': responseField(
    'When the item last changed, in whole seconds (RFC 9110 §8.8.2)',
    'Sat, 22 Nov 2025 10:05:00 GMT',
    { pattern: HTTP_DATE },
  ),
};
