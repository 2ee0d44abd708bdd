import { BadRequestException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** The cursor is damaged, or comes from another listing. */
export const invalidCursor = problem(
  BadRequestException,
  {
    code: 'invalid-cursor',
    title: 'Invalid cursor',
    retryable: false,
    meaning: 'The cursor is damaged, or comes from another listing.',
    remedy:
      'Send next of the page before, or follow its Link, both exactly as given. If they are lost, start again without a ' +
      'cursor.',
    retry: 'Not with this cursor. A cursor that the service gave never expires.',
  },
  () => ({
    detail: 'The cursor is damaged or comes from another listing. Send next as given, or start again without a cursor.',
    errors: [{ parameter: 'cursor', rule: 'cursor', detail: 'cursor must be the value of next of an earlier page.' }],
  }),
  [],
);
