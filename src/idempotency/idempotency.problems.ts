import { BadRequestException, ConflictException, GoneException, UnprocessableEntityException } from '@nestjs/common';
import { problem } from '../problems/problem.js';

/** The Idempotency-Key is malformed. draft-ietf-httpapi-idempotency-key-header-07 §2.1. */
export const invalidIdempotencyKey = problem(
  BadRequestException,
  {
    code: 'invalid-idempotency-key',
    title: 'Invalid Idempotency-Key',
    retryable: false,
    meaning: 'The Idempotency-Key is empty, too long, or has characters other than visible ASCII. Nothing was done.',
    remedy: 'Use a new UUID for each new request, and the same one for its repeats.',
  },
  () => ({
    detail: 'The Idempotency-Key is malformed; see errors. Use a new UUID for each new request.',
    errors: [
      {
        header: 'Idempotency-Key',
        rule: 'key',
        detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters, bare or as a quoted string.',
      },
    ],
  }),
  [],
);

/** The key belongs to another request. draft-ietf-httpapi-idempotency-key-header-07 §2.7. */
export const idempotencyKeyReused = problem(
  UnprocessableEntityException,
  {
    code: 'idempotency-key-reused',
    title: 'Idempotency-Key reused',
    retryable: false,
    meaning:
      'The key was used before for a request with another method, target, Content-Type or body. Nothing was done.',
    remedy: 'Use a new key for a new request. To repeat a request, send exactly what was sent before.',
  },
  () => ({
    detail:
      'The Idempotency-Key was used before, with another method, target, Content-Type or body. ' +
      'Use a new key for a new request.',
    errors: [
      { header: 'Idempotency-Key', rule: 'unique', detail: 'Idempotency-Key must be new for each new request.' },
    ],
  }),
  [],
);

/** The first request under the key is still running. draft-ietf-httpapi-idempotency-key-header-07 §2.6, §2.7. */
export const idempotencyKeyInUse = problem(
  ConflictException,
  {
    code: 'idempotency-key-in-use',
    title: 'Idempotency-Key in use',
    retryable: true,
    meaning: 'The first request under this key is still running, so there is no answer to repeat yet.',
    remedy: 'Wait as long as Retry-After says, then send the same request again: it gets the answer to the first.',
    retry: 'Yes, after Retry-After.',
  },
  (retryAfterSeconds: number) => ({
    detail: `A request with this Idempotency-Key is still running. Send this one again in ${retryAfterSeconds} s for its answer.`,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1],
);

/** What the request under the key did was erased since. RFC 9110 §15.5.11. */
export const answerErased = problem(
  GoneException,
  {
    code: 'answer-erased',
    title: 'Answer erased',
    retryable: false,
    meaning:
      'A request under this key was carried out, but the versions of its item were erased since, and with them the answer. Nothing was done ' +
      'now. Whether this request is the same as that one is not known any more.',
    remedy: 'Do not send the request again under this key. For a new request use a new key.',
    retry: 'Never under this key, until the service forgets it.',
  },
  () => ({
    detail:
      'A request under this Idempotency-Key was carried out, and its answer was erased since. Use a new key for a new request.',
  }),
  [],
);

/** Answers to an Idempotency-Key. An operation that declares them takes one. */
export const repeatable = {
  400: [invalidIdempotencyKey],
  409: [idempotencyKeyInUse],
  410: [answerErased],
  422: [idempotencyKeyReused],
};
