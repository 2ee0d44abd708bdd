import { ServiceUnavailableException } from '@nestjs/common';
import { problem } from '../../problems/problem.js';

/** The issuer's keys are not known now, so nobody can say whether a token is valid. RFC 9110 §15.6.4, §10.2.3. */
export const tokenKeysUnavailable = problem(
  ServiceUnavailableException,
  {
    code: 'token-keys-unavailable',
    title: 'Token keys unavailable',
    retryable: true,
    meaning:
      'The service has no key to check this token with: it could not get the current keys of the issuer. It does not say ' +
      'that the token is wrong. Nothing was changed.',
    remedy: 'Keep the token, wait as long as Retry-After says, then send the request again. API keys work meanwhile.',
    retry: 'Yes, after Retry-After. Nothing was changed, so any method can be repeated.',
  },
  (retryAfterSeconds: number) => ({
    detail: `The keys of the token's issuer are not known now. Try again in ${retryAfterSeconds} s.`,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [5],
);
