import { NAME } from '../contract/openapi/bounds.js';
import { TooManyRequestsException } from '../problems/exceptions.js';
import { problem } from '../problems/problem.js';

/** A quota is used up. RFC 6585 §4; draft-ietf-httpapi-ratelimit-headers-11. */
export const quotaExceeded = problem(
  TooManyRequestsException,
  {
    code: 'quota-exceeded',
    title: 'Quota exceeded',
    retryable: true,
    meaning:
      'The caller has sent as many requests as one of the limits allows in its window: RATE_LIMIT_READ, RATE_LIMIT_WRITE, ' +
      'or 30 refused credentials a minute from one address. A batch counts as many as it has operations. Nothing was done.',
    remedy:
      'Wait as long as Retry-After says, then send the request again. Where there is a limit, RateLimit tells how many ' +
      'requests are left. After refused credentials, check the credential first: a good one is never refused for them.',
    retry: 'Yes, after Retry-After. Nothing was changed, so any method can be repeated.',
    members: {
      violatedPolicies: {
        type: 'array',
        items: { type: 'string', ...NAME },
        description: 'The limit that is used up: read or write, as RateLimit-Policy names them, or refused-credentials',
      },
    },
  },
  (policy: string, retryAfterSeconds: number, many?: { wanted: number; quota: number }) => ({
    detail: many
      ? whatManyNeed(policy, retryAfterSeconds, many)
      : `The quota "${policy}" is used up. Nothing was done. Try again in ${retryAfterSeconds} s.`,
    // More than a whole window allows is refused in the next one too.
    ...(many && many.wanted > many.quota && { retryable: false }),
    members: { violatedPolicies: [policy] },
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  ['read', 30],
);

function whatManyNeed(
  policy: string,
  retryAfterSeconds: number,
  { wanted, quota }: { wanted: number; quota: number },
): string {
  const needs = `The batch counts as ${wanted} requests, and fewer are left of the quota "${policy}". Nothing was done. `;
  if (wanted <= quota) return `${needs}Try again in ${retryAfterSeconds} s, or send fewer operations.`;
  return `${needs}Send at most ${quota} operations in each window.`;
}
