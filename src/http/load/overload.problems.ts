import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** How long it takes until slow callers have been cut and their room is free, in whole seconds. */
const RETRY_AFTER_SECONDS = 1;

/** Memory has no room for the request or its answer. RFC 9110 §15.6.4, §10.2.3. */
export const overloaded = problem(
  ServiceUnavailableException,
  {
    code: 'overloaded',
    title: 'Overloaded',
    retryable: true,
    meaning:
      'The service holds as many bytes of requests or answers as its settings allow (MAX_ANSWER_BYTES, MAX_BODY_BYTES). ' +
      'Nothing was changed.',
    remedy:
      'Wait as long as Retry-After says, then send the request again. If that fails, wait longer each time. Read answers ' +
      'as they come, and ask for smaller pages.',
    retry: 'Yes, after Retry-After. Nothing was changed, so any method can be repeated.',
  },
  (of: 'answers' | 'requests', isLast = false) => ({
    detail: `The service has no room in memory for more ${of}. Nothing was changed. Try again in ${RETRY_AFTER_SECONDS} s.`,
    fields: { 'retry-after': String(RETRY_AFTER_SECONDS), ...(isLast && { connection: 'close' }) },
  }),
  ['answers'] as [of: 'answers' | 'requests', isLast?: boolean],
);
