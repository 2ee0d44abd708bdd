import { serializeItem, serializeList } from 'structured-headers';
import type { RateLimit } from '../config/settings/rate-limit.js';
import { responseField, type ResponseFields } from '../contract/fields.js';
import type { Rate } from '../contract/operation.js';
import type { Left } from './quota.js';

/** draft-ietf-httpapi-ratelimit-headers-11: structured-field lists (RFC 9651). */
export const RATE_LIMIT_RESPONSE_FIELDS: ResponseFields = {
  'RateLimit-Policy': responseField(
    'The limit of these requests, if there is one: q requests in a window of w seconds',
    '"read";q=1000;w=60',
    { pattern: String.raw`^"[a-z]+";q=\d+;w=\d+$` },
  ),
  RateLimit: responseField(
    'What is left of that limit: r requests until the window ends in t seconds',
    '"read";r=999;t=60',
    { pattern: String.raw`^"[a-z]+";r=\d+;t=\d+$` },
  ),
};

/** The value of RateLimit-Policy for a limit. */
export function policyField(name: Rate, { quota, windowSeconds }: RateLimit): string {
  const parameters = new Map([
    ['q', quota],
    ['w', windowSeconds],
  ]);
  return serializeList([[name, parameters]]);
}

/** Returns what writes RateLimit for a limit. Integers are written as they are (RFC 9651 §4.1.4). */
export function rateLimitWriter(name: Rate): (left: Left) => string {
  const item = serializeItem([name, new Map()]);
  return ({ requests, seconds }) => `${item};r=${requests};t=${seconds}`;
}
