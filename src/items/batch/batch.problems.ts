import { BadRequestException } from '@nestjs/common';
import { problem, type InputFault } from '../../problems/problem.js';

/** A batch has a key where its kind takes none. */
export const misplacedIdempotencyKey = problem(
  BadRequestException,
  {
    code: 'misplaced-idempotency-key',
    title: 'Misplaced Idempotency-Key',
    retryable: false,
    meaning:
      'An atomic batch is repeated as a whole, so it takes one key, in the field Idempotency-Key. Of another batch each operation is ' +
      'repeated by itself, so it takes one for each operation, in idempotencyKey. This batch has a key in the other place. Nothing was done.',
    remedy: 'Put the key where errors says, or make the batch atomic.',
  },
  (errors: InputFault[]) => ({
    detail: 'The batch has an idempotency key where its kind takes none; see errors. Nothing was done.',
    errors,
  }),
  [
    [
      {
        header: 'Idempotency-Key',
        rule: 'misplaced',
        detail: 'If atomic is false, each operation takes its key in idempotencyKey.',
      },
    ],
  ],
);
