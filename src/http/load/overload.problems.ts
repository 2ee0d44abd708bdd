import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** How long it takes until slow callers have given room, in whole seconds. */
const RETRY_AFTER_SECONDS = 1;

/** There is no room in memory for the request or its answer. RFC 9110 §15.6.4, §10.2.3. */
export const overloaded = problem(
  ServiceUnavailableException,
  {
    code: 'overloaded',
    title: 'Overloaded',
    retryable: true,
    meaning:
      'The service holds as many bytes of requests and answers as it may (MAX_ANSWER_BYTES, MAX_BODY_BYTES). The request ' +
      'changed nothing.',
    remedy:
      'Wait as long as Retry-After says, then send the request again. Wait longer each time if it goes on. Read ' +
      'answers as they come, and ask for smaller pages.',
    retry: 'Yes, after Retry-After; nothing was changed, so any method may be repeated.',
  },
  (of: 'answers' | 'requests', isLast = false) => ({
    detail: `The service holds as many bytes of ${of} as it may. Nothing was changed. Try again in ${RETRY_AFTER_SECONDS} s.`,
    fields: { 'retry-after': String(RETRY_AFTER_SECONDS), ...(isLast && { connection: 'close' }) },
  }),
  ['answers'] as [of: 'answers' | 'requests', isLast?: boolean],
);
