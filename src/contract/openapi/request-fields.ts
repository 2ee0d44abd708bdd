import type { ParameterObject } from '@nestjs/swagger';
import { HEADER_LIMIT_BYTES } from '../../http/head/header-block.js';
import { takesKey } from '../../idempotency/idempotency-key.js';
import type { Operation } from '../operation.js';

// RFC 9110 §8.8.3, §5.6.1.2, without white space around, which is no part of a field (§5.5).
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7E\x80-\xFF]*"`;
const TAG_LIST = String.raw`^(?:\*|(?:,[\t ]*)*${TAG}(?:[\t ]*,(?:[\t ]*${TAG})?)*)$`;

// RFC 9110 §5.6.7: the form that senders write.
const HTTP_DATE = String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$`;

/** An Idempotency-Key: bare, or as a string of RFC 9651 with or without parameters. */
const KEY = String.raw`^(?:[!#-~][!-~]{0,254}|"(?:[!#-\[\]-~]|\\["\\]){1,255}"(?:;.*)?)$`;

const KEY_FIELD = 'Idempotency-Key';

/** A header field that operations honour. */
interface RequestField {
  /** Where the key is not the name of the field, since its form depends on the operation. */
  name?: string;
  /** With a value to learn from. */
  description: string;
  example: string;
  /** A value with which a request that succeeds still does: tools send what stands as example. */
  harmless: string;
  pattern?: string;
  maxLength?: number;
  values?: string[];
  /** Whether a value of another form is taken for none, where it would else be refused. */
  isIgnoredOtherwise?: true;
  isFor: (operation: Operation) => boolean;
}

const isConditional = ({ answers }: Operation) => Array.isArray(answers[412]);
const isRead = (operation: Operation) => operation.method === 'GET' && isConditional(operation);
const isChange = (operation: Operation) => operation.method !== 'GET' && isConditional(operation);

const IF_MATCH = 'Only if one of these is current: an ETag as it came (RFC 9110 §13.1.1)';
const IF_NONE_MATCH = 'Only if none of these is current; * is any (RFC 9110 §13.1.2)';
const TAG_EXAMPLE = '"3-9f86d081"';
const OR_IGNORED = '. What is no list of entity-tags is ignored';

/** Settings of the running service that its document tells. */
export interface PublishedSettings {
  idempotencyTtlHours: number;
  rehearsal: boolean;
}

/** Every field that is honoured, in the order of the documentation. Accept and Content-Type are in `content`. */
function requestFields({ idempotencyTtlHours }: PublishedSettings): Record<string, RequestField> {
  return {
    'If-Match': {
      description: IF_MATCH,
      example: TAG_EXAMPLE,
      harmless: '*',
      pattern: TAG_LIST,
      isFor: isChange,
    },
    'If-Match-Read': {
      name: 'If-Match',
      description: IF_MATCH + OR_IGNORED,
      example: TAG_EXAMPLE,
      harmless: '*',
      maxLength: HEADER_LIMIT_BYTES,
      isFor: isRead,
    },
    'If-None-Match': {
      description: IF_NONE_MATCH,
      example: TAG_EXAMPLE,
      harmless: '"0"',
      pattern: TAG_LIST,
      isFor: isChange,
    },
    'If-None-Match-Read': {
      name: 'If-None-Match',
      description: IF_NONE_MATCH + OR_IGNORED,
      example: TAG_EXAMPLE,
      harmless: '"0"',
      maxLength: HEADER_LIMIT_BYTES,
      isFor: isRead,
    },
    'If-Modified-Since': {
      description: 'Only if it changed since (RFC 9110 §13.1.3)',
      example: 'Sat, 22 Nov 2025 10:05:00 GMT',
      harmless: 'Thu, 01 Jan 1970 00:00:00 GMT',
      pattern: HTTP_DATE,
      isIgnoredOtherwise: true,
      isFor: isRead,
    },
    'If-Unmodified-Since': {
      description:
        'Only if it did not change since (RFC 9110 §13.1.4); only entity-tags protect against a second change within a second',
      example: 'Sat, 22 Nov 2025 10:05:00 GMT',
      harmless: 'Fri, 31 Dec 9999 23:59:59 GMT',
      pattern: HTTP_DATE,
      isIgnoredOtherwise: true,
      isFor: isConditional,
    },
    Prefer: {
      description: 'return=minimal for no content, return=representation (RFC 7240 §4.2)',
      example: 'return=minimal',
      harmless: 'return=representation',
      pattern: '^[ -~]{1,1000}$',
      isIgnoredOtherwise: true,
      isFor: ({ followsPrefer }) => followsPrefer === true,
    },
    [KEY_FIELD]: {
      // draft-ietf-httpapi-idempotency-key-header-07 §2.3: how long a key is kept is to be published.
      description:
        'Names this request, so that it can be sent again without being carried out again: 1 to 255 visible ASCII ' +
        'characters, bare or as a quoted string. What was done is remembered for ' +
        `${idempotencyTtlHours} hours; a repeat gets the first answer, marked \`Idempotency-Replayed: true\`. A 4xx is not ` +
        'remembered',
      example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
      harmless: '1',
      pattern: KEY,
      isFor: takesKey,
    },
    'Content-Encoding': {
      description: 'That the content was packed (RFC 9110 §8.4)',
      example: 'gzip',
      harmless: 'identity',
      values: ['identity', 'gzip'],
      isFor: ({ body }) => body !== undefined,
    },
    'X-Request-Id': {
      description:
        'Names this request in the answer and in the log; without it, or with another form, it gets a new name',
      example: 'a1b2c3',
      harmless: 'a1b2c3',
      pattern: '^[A-Za-z0-9._-]{1,128}$',
      isIgnoredOtherwise: true,
      isFor: () => true,
    },
  };
}

/** Fields whose value is ignored if it is not as the document says. */
export const LENIENT_FIELDS = Object.entries(requestFields({ idempotencyTtlHours: 0, rehearsal: false }))
  .filter(([, { isIgnoredOtherwise }]) => isIgnoredOtherwise)
  .map(([name]) => name);

/** Each field that operations honour, described once, for all of them to refer to. */
export function fieldComponents(operations: Operation[], settings: PublishedSettings): Record<string, ParameterObject> {
  const used = Object.entries(requestFields(settings)).filter(
    ([key, { isFor }]) => key !== KEY_FIELD && operations.some(isFor),
  );
  return Object.fromEntries(used.map(([key, field]) => [key, parameter(field.name ?? key, field)]));
}

/** The fields that an operation honours, mostly by reference. */
export function fieldsOf(operation: Operation, settings: PublishedSettings): (ParameterObject | { $ref: string })[] {
  const used = Object.entries(requestFields(settings)).filter(([, { isFor }]) => isFor(operation));
  return used.map(([name, field]) =>
    // A key is that of one request, and examples are sent as they stand.
    name === KEY_FIELD
      ? parameter(name, { ...field, harmless: `${operation.id}-1` })
      : { $ref: `#/components/parameters/${name}` },
  );
}

function parameter(name: string, field: RequestField): ParameterObject {
  const { description, example, harmless, pattern, maxLength, values } = field;
  return {
    name,
    in: 'header',
    required: false,
    description: `${description}. Example: \`${example}\``,
    schema: {
      type: 'string',
      ...(pattern && { pattern }),
      ...(maxLength && { maxLength }),
      ...(values && { enum: values }),
    },
    example: harmless,
  };
}
