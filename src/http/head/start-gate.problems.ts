import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** The service listens already, and can't serve yet. RFC 9110 §15.6.4, §10.2.3. */
export const starting = problem(
  ServiceUnavailableException,
  {
    code: 'starting',
    title: 'Service starting',
    retryable: true,
    meaning:
      'The service has just been started and is not ready: it opens its database, or brings its schema up to date.',
    remedy: 'Wait as long as Retry-After says, then send the request again. Wait longer each time if it goes on.',
    retry: 'Yes, after Retry-After; nothing was changed, so any method may be repeated.',
  },
  (retryAfterSeconds: number) => ({
    detail: `The service is starting and not ready yet. Try again in ${retryAfterSeconds} s.`,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1],
);
