import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** When a place is likely to be free, in seconds: some of those who wait are answered by then. */
const RETRY_SECONDS = 5;

/** As many follow as the service takes on. RFC 9110 §15.6.4, §10.2.3. */
export const tooManyFollowers = problem(
  ServiceUnavailableException,
  {
    code: 'too-many-followers',
    title: 'Too many followers',
    retryable: true,
    meaning:
      'As many clients wait for changes as the settings of the service allow (MAX_FOLLOWERS). Long polls and event streams count together.',
    remedy:
      'Wait as long as Retry-After says, then follow again from the same position. Until then, ask for pages without wait.',
    retry: 'Yes, after Retry-After. Nothing is missed, since the position stays valid.',
  },
  (most: number) => ({
    detail: `${most} clients wait for changes, and no more may. Try again in ${RETRY_SECONDS} s, or ask for pages without wait.`,
    fields: { 'retry-after': String(RETRY_SECONDS) },
  }),
  [1_000],
);
