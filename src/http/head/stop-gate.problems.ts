import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** The service answers the requests that run, and then ends. RFC 9110 §15.6.4, §10.2.3; RFC 9112 §9.6. */
export const shuttingDown = problem(
  ServiceUnavailableException,
  {
    code: 'shutting-down',
    title: 'Service shutting down',
    retryable: true,
    meaning: 'This process of the service was told to stop. It answers the requests that run, and takes no more.',
    remedy:
      'Send the request again on a new connection. Behind a load balancer another process answers. If there is only one, it has ended ' +
      'when Retry-After is over, and answers again once it is started.',
    retry: 'Yes, on a new connection. Nothing was changed, so any method can be repeated.',
  },
  (retryAfterSeconds: number) => ({
    detail: 'The service is stopping and takes no more requests. Send this one again on a new connection.',
    fields: { 'retry-after': String(retryAfterSeconds), connection: 'close' },
  }),
  [10],
);
