import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** The service listens, but can't serve yet. RFC 9110 §15.6.4, §10.2.3. */
export const starting = problem(
  ServiceUnavailableException,
  {
    code: 'starting',
    title: 'Service starting',
    retryable: true,
    meaning: 'The service has just been started and is not ready: it is opening its database or migrating its schema.',
    remedy: 'Wait as long as Retry-After says, then send the request again. If that fails, wait longer each time.',
    retry: 'Yes, after Retry-After. Nothing was changed, so any method can be repeated.',
  },
  (retryAfterSeconds: number) => ({
    detail: `The service is starting and is not ready yet. Try again in ${retryAfterSeconds} s.`,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1],
);
