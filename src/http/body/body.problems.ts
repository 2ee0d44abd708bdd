import { BadRequestException, PayloadTooLargeException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** A body sent as gzip is not gzip, is damaged or cut off, or has other bytes behind it. RFC 1952. */
export const malformedGzip = problem(
  BadRequestException,
  {
    code: 'malformed-gzip',
    title: 'Malformed gzip',
    retryable: false,
    meaning: 'The body was sent as gzip, but it is not gzip, is damaged or cut off, or has other bytes behind it.',
    remedy:
      'Compress the whole body as gzip and send nothing behind it. Or send it uncompressed, without Content-Encoding.',
  },
  () => ({ detail: 'Content-Encoding says gzip, but the body is not exactly one whole gzip file.' }),
  [],
);

/** The body is larger than the operation takes. RFC 9110 §15.5.14. */
export const bodyTooLarge = problem(
  PayloadTooLargeException,
  {
    code: 'body-too-large',
    title: 'Body too large',
    retryable: false,
    meaning: 'The body is larger than the operation takes. It was not read to its end, and the connection was closed.',
    remedy: 'Keep the body within limitBytes. Split large data over several resources.',
    members: { limitBytes: { type: 'integer', description: 'Largest body that is read, in bytes' } },
  },
  (limitBytes: number) => ({
    detail: `The body is larger than the ${limitBytes} bytes that this operation takes.`,
    members: { limitBytes },
    // The rest of the body is not read, and must not be taken for a request.
    fields: { connection: 'close' },
  }),
  [1_048_576],
);
