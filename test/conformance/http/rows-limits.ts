import type { Row } from '../row.js';

const PROVEN_BY = 'test/e2e/load/rate-limits.spec.ts';

/** L: limits of requests. `draft` is draft-ietf-httpapi-ratelimit-headers-11. */
export const LIMITS: Row[] = [
  {
    number: 'L5',
    request: 'one more than RATE_LIMIT_READ or RATE_LIMIT_WRITE allows in its window',
    answer: '429 with Retry-After and `no-store`, before the body is read; nothing is changed',
    section: 'RFC 6585 §4',
    provenBy: PROVEN_BY,
  },
  {
    number: 'L6',
    request: 'any to an operation with a limit',
    answer:
      '`RateLimit-Policy` and `RateLimit` in every answer after the limit was checked, named by the class: read or write',
    section: 'draft',
    provenBy: PROVEN_BY,
  },
  {
    number: 'L7',
    request: 'one beyond the limit',
    answer: 'Retry-After is the `t` of RateLimit',
    section: 'draft',
    provenBy: PROVEN_BY,
  },
  {
    number: 'L8',
    request: 'one beyond the limit',
    answer: 'the problem is `quota-exceeded`, and its `violatedPolicies` names the limit',
    section: 'draft',
    provenBy: PROVEN_BY,
  },
  {
    number: 'L24',
    request: 'one beyond the limit, and again after as many seconds as Retry-After says',
    answer: 'whole seconds; the second request gets through',
    section: '§10.2.3',
    provenBy: PROVEN_BY,
  },
  {
    number: 'L25',
    request: 'a write of a caller who has used up its reads',
    answer: 'is carried out: classes are counted apart',
    section: 'own',
    provenBy: PROVEN_BY,
  },
  {
    number: 'L26',
    request: 'Forwarded or X-Forwarded-For',
    answer: 'tells the address that is counted if it comes from one of TRUSTED_PROXIES, else is ignored',
    section: 'RFC 7239 §5.2, §8.1',
    provenBy: PROVEN_BY,
  },
];
