import { InternalServerErrorException } from '@nestjs/common';
import { problem } from './problem.js';

/** Something the service did not foresee; its cause stands in the log under the request id. RFC 9110 §15.6.1. */
export const unexpected = problem(
  InternalServerErrorException,
  {
    code: 'unexpected',
    title: 'Unexpected error',
    retryable: false,
    meaning:
      'The service failed in a way that nobody foresaw: a defect of the service. A change may or may not ' +
      'have been made.',
    remedy:
      'Give requestId to the operators; the cause stands in their log under it. Before repeating a change, ' +
      'read what is there.',
    retry: 'It seldom helps. A read does no harm; a change only after looking.',
  },
  () => ({ detail: 'The service failed in a way that it did not foresee. Its operators find the cause by requestId.' }),
  [],
);
