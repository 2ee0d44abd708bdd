import { responseField, type ResponseFields } from '../contract/fields.js';

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
