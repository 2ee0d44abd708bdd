import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** What there can be too much of, so that a request is refused before anything is done for it. */
export const CAUSES = ['answers', 'bodies', 'waiting', 'delay'] as const;

export type Cause = (typeof CAUSES)[number];

interface Circumstances {
  /** When a client that sends the request again gets through, in whole seconds. By then slow callers have been cut. */
  retryAfterSeconds?: number;
  /** The connection is closed: the rest of the request is not waited for. */
  isLast?: boolean;
}

const SENTENCES: Record<Cause | 'queries', string> = {
  answers: 'The service has no room in memory for more answers.',
  bodies: 'The service has no room in memory for more requests.',
  waiting: 'As many requests as the service takes on wait for their answers.',
  queries: 'As many lists and searches as the service makes at once take their time.',
  delay: 'The service has more to do than it can do in time.',
};

/** The service has as much to do, or holds as many bytes, as it may. RFC 9110 §15.6.4, §10.2.3. */
export const overloaded = problem(
  ServiceUnavailableException,
  {
    code: 'overloaded',
    title: 'Overloaded',
    retryable: true,
    meaning:
      'As many requests wait for their answers as the settings of the service allow (MAX_WAITING), it holds as many bytes ' +
      'of requests or answers as they allow (MAX_ANSWER_BYTES, MAX_BODY_BYTES), its event loop is slower than they ' +
      'allow (MAX_EVENT_LOOP_DELAY_MS), or other lists kept this one waiting for QUERY_TIMEOUT_MS. detail says which. Nothing was changed.',
    remedy:
      'Wait as long as Retry-After says, then send the request again. If that fails, wait longer each time. A request that ' +
      'follows sooner on the same connection may be read only when that time is over. Read answers as they come, send ' +
      'bodies without a pause, and ask for smaller pages.',
    retry: 'Yes, after Retry-After. Nothing was changed, so any method can be repeated.',
  },
  (cause: Cause | 'queries', { retryAfterSeconds = 1, isLast = false }: Circumstances = {}) => ({
    detail: `${SENTENCES[cause]} Nothing was changed. Try again in ${retryAfterSeconds} s.`,
    fields: { 'retry-after': String(retryAfterSeconds), ...(isLast && { connection: 'close' }) },
  }),
  ['waiting'] as [cause: Cause | 'queries', circumstances?: Circumstances],
);
