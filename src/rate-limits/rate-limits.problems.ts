import { NAME } from '../contract/openapi/bounds.js';
import { TooManyRequestsException } from '../problems/exceptions.js';
import { problem } from '../problems/problem.js';

const QUOTA_MEMBERS = {
  violatedPolicies: {
    type: 'array',
    items: { type: 'string', ...NAME },
    description: 'The limit that is used up: read or write, as RateLimit-Policy names them, or refused-credentials',
  },
} as const;

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
    members: QUOTA_MEMBERS,
  },
  (policy: string, retryAfterSeconds: number, wanted?: number) => ({
    detail:
      wanted === undefined
        ? `The quota "${policy}" is used up. Nothing was done. Try again in ${retryAfterSeconds} s.`
        : `${whatManyNeed(policy, wanted)} Try again in ${retryAfterSeconds} s, or send fewer operations.`,
    members: { violatedPolicies: [policy] },
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  ['read', 30],
);

/** A request counts as more than a whole window allows, so no time is right for it. RFC 6585 §4: Retry-After may be left out. */
export const quotaTooSmall = problem(
  TooManyRequestsException,
  {
    code: 'quota-too-small',
    title: 'Quota too small',
    retryable: false,
    meaning:
      'The batch has more operations than RATE_LIMIT_WRITE allows in a whole window, and each counts as a request. Nothing was done.',
    remedy: 'Send fewer operations in each batch: at most as many as detail says.',
    members: QUOTA_MEMBERS,
  },
  (policy: string, wanted: number, quota: number) => ({
    detail: `${whatManyNeed(policy, wanted)} Send at most ${quota} operations in each window.`,
    members: { violatedPolicies: [policy] },
  }),
  ['write', 200, 100],
);

function whatManyNeed(policy: string, wanted: number): string {
  return `The batch counts as ${wanted} requests, and fewer are left of the quota "${policy}". Nothing was done.`;
}
