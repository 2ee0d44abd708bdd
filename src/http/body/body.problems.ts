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

/** The content of a QUERY is no form in UTF-8. RFC 10008 §2.1. */
export const malformedForm = problem(
  BadRequestException,
  {
    code: 'malformed-form',
    title: 'Malformed form',
    retryable: false,
    meaning: 'The body is not application/x-www-form-urlencoded text in UTF-8.',
    remedy:
      'Use a library to write it, such as URLSearchParams. Write it as the query of a GET: percent-encoded as UTF-8, with + for ' +
      'a space.',
  },
  (cause: string) => ({ detail: `The body is not application/x-www-form-urlencoded: ${cause}.` }),
  ['the value of filter has a percent-encoding that is not UTF-8'],
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
