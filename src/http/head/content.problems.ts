import {
  BadRequestException,
  NotAcceptableException,
  PayloadTooLargeException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { NAME, POINTER } from '../../contract/openapi/bounds.js';
import type { Faults } from '../../problems/faults.js';
import { problem, type InputFault } from '../../problems/problem.js';

/** Content where the method gives it no meaning. RFC 9110 §9.3.1, §9.3.5. */
export const unexpectedContent = problem(
  BadRequestException,
  {
    code: 'unexpected-content',
    title: 'Unexpected content',
    retryable: false,
    meaning: 'The request has content where the method gives it no meaning.',
    remedy: 'Send it without a body. Some client libraries add one, such as {}, if they are given an empty object.',
  },
  (method: string) => ({ detail: `${method} takes no content here. Send the request without a body.` }),
  ['DELETE'],
);

/** The content was sent with gzip, and is none, or is damaged, cut off or followed by other bytes. RFC 1952. */
export const malformedGzip = problem(
  BadRequestException,
  {
    code: 'malformed-gzip',
    title: 'Malformed gzip',
    retryable: false,
    meaning: 'The content was sent as gzip, and is none, or is damaged or cut off.',
    remedy:
      'Compress the body as one whole gzip stream with nothing behind it, or send it as it is, without ' +
      'Content-Encoding.',
  },
  () => ({ detail: 'The body is not what Content-Encoding says: gzip data that is whole, and nothing behind it.' }),
  [],
);

/** The content is not JSON text in UTF-8. RFC 8259. */
export const malformedJson = problem(
  BadRequestException,
  {
    code: 'malformed-json',
    title: 'Malformed JSON',
    retryable: false,
    meaning: 'The body is no JSON text in UTF-8, or holds what could not be given back as it was sent.',
    remedy:
      'Let a JSON library write the body. detail says what is wrong, position where (characters from 0), pointer in which member.',
    members: {
      position: { type: 'integer', description: 'Where the text breaks off being JSON, in UTF-16 units from 0' },
      pointer: { type: 'string', ...POINTER, description: 'JSON Pointer (RFC 6901) of that place', isOptional: true },
    },
  },
  (cause: string, position: number, pointer?: string) => ({
    detail: `The body is not JSON: ${cause}.`,
    members: { position, ...(pointer !== undefined && { pointer }) },
  }),
  ['unexpected character at line 1, column 9', 8, '/name'],
);

/** The content is JSON, but breaks the rules of this operation: every fault at once. */
export const invalidBody = problem(
  BadRequestException,
  {
    code: 'invalid-body',
    title: 'Invalid body',
    retryable: false,
    meaning: 'The body is JSON, but breaks the rules of the operation.',
    remedy:
      'Look into errors, which has every fault at once: pointer says where, rule which rule, detail what to send instead. ' +
      'The API documentation has the schema.',
  },
  (errors: InputFault[] | Faults) => ({ detail: 'The body breaks the rules of this operation; see errors.', errors }),
  [[{ pointer: '/name', rule: 'required', detail: 'name is missing.' }]],
);

/** The operation has no content that fits Accept. RFC 9110 §12.4.1, §15.5.7. */
export const notAcceptable = problem(
  NotAcceptableException,
  {
    code: 'not-acceptable',
    title: 'Not acceptable',
    retryable: false,
    meaning: 'Accept excludes every media type that the operation answers with.',
    remedy: 'Accept one of mediaTypes, add */* to what you accept, or leave Accept out.',
    members: {
      mediaTypes: {
        type: 'array',
        items: { type: 'string', ...NAME },
        description: 'What the operation can answer with',
      },
    },
  },
  (accept: string, mediaTypes: string[]) => ({
    detail: `Accept ${accept.slice(0, 128)} excludes all that is on offer here: ${mediaTypes.join(', ')}.`,
    members: { mediaTypes },
  }),
  ['text/html', ['application/json']],
);

/** More content than the operation takes. RFC 9110 §15.5.14. */
export const bodyTooLarge = problem(
  PayloadTooLargeException,
  {
    code: 'body-too-large',
    title: 'Body too large',
    retryable: false,
    meaning: 'The body is larger than the operation takes. It was not read to its end, and the connection was closed.',
    remedy: 'Keep the body within limitBytes. What is too much for one item may be worth several.',
    members: { limitBytes: { type: 'integer', description: 'The most bytes that are read' } },
  },
  (limitBytes: number) => ({
    detail: `The body is larger than the ${limitBytes} bytes that this operation takes.`,
    members: { limitBytes },
    // Before all content was read; nothing after it may be taken for a request.
    headers: { connection: 'close' },
  }),
  [1_048_576],
);

/** Content of a type that the operation does not read. RFC 9110 §15.5.16, §12.5.1. */
export const unsupportedMediaType = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-media-type',
    title: 'Unsupported media type',
    retryable: false,
    meaning: 'The operation does not read content of this type, or in this charset.',
    remedy: 'Send what the field Accept of the answer names, say so in Content-Type, and encode it in UTF-8.',
  },
  (given: string | undefined, accept: string) => ({
    detail: `${given ? `Content-Type ${given}` : 'Content without a Content-Type'} is not read here. Send ${accept}, in UTF-8.`,
    headers: { accept },
  }),
  ['text/plain', 'application/json'],
);

/** Content with a coding that the service does not undo. RFC 9110 §8.4, §12.5.3. */
export const unsupportedContentCoding = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-content-coding',
    title: 'Unsupported content coding',
    retryable: false,
    meaning: 'The content is encoded, by Content-Encoding, in a way that the service does not undo.',
    remedy: 'Encode it as the field Accept-Encoding of the answer says; identity means not at all.',
  },
  (given: string) => ({
    detail: `Content-Encoding ${given} is not read here. Send the content as it is, or with gzip.`,
    headers: { 'accept-encoding': 'gzip' },
  }),
  ['br'],
);
