import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** The words of older items are still being collected. RFC 9110 §15.6.4, §10.2.3. */
export const searchUnready = problem(
  ServiceUnavailableException,
  {
    code: 'search-unready',
    title: 'Search unready',
    retryable: true,
    meaning:
      'The database is from a release without search, and the words of its items are still being collected. Until that is done, ' +
      'lists with q, or with a filter that looks for tags, can’t be answered, and the service is not ready. All other requests are.',
    remedy: 'Wait as long as Retry-After says, then send the request again.',
    retry: 'Yes, after Retry-After. Large databases take minutes.',
  },
  (retryAfterSeconds: number) => ({
    detail: `The words of older items are still being collected. Try again in ${retryAfterSeconds} s.`,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [5],
);
