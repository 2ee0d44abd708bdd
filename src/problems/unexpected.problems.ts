import { InternalServerErrorException } from '@nestjs/common';
import { problem } from './problem.js';

/** A failure that the service does not foresee. Its cause is in the log under the request id. RFC 9110 §15.6.1. */
export const unexpected = problem(
  InternalServerErrorException,
  {
    code: 'unexpected',
    title: 'Unexpected error',
    retryable: false,
    meaning:
      'The service failed unexpectedly. This is a defect of the service. The change may or may not have been made.',
    remedy:
      'Give requestId to the operators, who find the cause in the log by it. Before you repeat a change, read the current ' +
      'state.',
    retry: 'Seldom. A read does no harm. Repeat a change only after you have read the current state.',
  },
  () => ({ detail: 'The service failed unexpectedly. Its operators find the cause in the log by requestId.' }),
  [],
);
