import { BadRequestException, PayloadTooLargeException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

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
    fields: { connection: 'close' },
  }),
  [1_048_576],
);
