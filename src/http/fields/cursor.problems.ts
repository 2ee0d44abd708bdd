import { BadRequestException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** The cursor is damaged, or was made by another listing. */
export const invalidCursor = problem(
  BadRequestException,
  {
    code: 'invalid-cursor',
    title: 'Invalid cursor',
    retryable: false,
    meaning: 'The cursor is damaged, or belongs to another listing.',
    remedy:
      'Send next of the page before, or the target of its Link, exactly as it came. If it is lost, start ' +
      'again without a cursor.',
    retry: 'Not with this cursor. A cursor as it was given never expires.',
  },
  () => ({
    detail: 'The cursor is damaged or belongs to another listing. Start again without one, or follow next as given.',
    errors: [{ parameter: 'cursor', rule: 'cursor', detail: 'cursor must be the value of next of an earlier page.' }],
  }),
  [],
);
