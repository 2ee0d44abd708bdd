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
      'Send the value of next of the previous page unchanged, or follow its link with rel=next. Otherwise start again without ' +
      'a cursor.',
    retry: 'Not with this cursor. Cursors of the service never expire.',
  },
  () => ({
    detail:
      'The cursor is damaged or comes from another listing. Send the value of next unchanged, or start without a cursor.',
    errors: [{ parameter: 'cursor', rule: 'cursor', detail: 'cursor must be the value of next from an earlier page.' }],
  }),
  [],
);
