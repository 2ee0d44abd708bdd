import { responseField, type ResponseFields } from '../contract/fields.js';

// A list of names or directives that the service chooses.
const LIST = { maxLength: 1_000 };

/** The header fields of answers that belong to no subject. */
export const HTTP_RESPONSE_FIELDS: ResponseFields = {
  'Cache-Control': responseField('How caches may store this answer (RFC 9111 §5.2.2)', 'no-store', LIST),
  Vary: responseField('The fields of the request that this answer may depend on (RFC 9110 §12.5.5)', 'Accept', LIST),
  Allow: responseField(
    'The methods that the resource offers (RFC 9110 §10.2.1)',
    'GET, HEAD, OPTIONS, POST, QUERY',
    LIST,
  ),
  Accept: responseField('The media types that the operation reads (RFC 9110 §12.5.1)', 'application/json', LIST),
  'Accept-Patch': responseField('The media types of patches (RFC 5789 §3.1)', 'application/merge-patch+json', LIST),
  'Accept-Query': responseField(
    'The media types of queries, which QUERY carries as content (RFC 10008 §3)',
    'application/x-www-form-urlencoded',
    LIST,
  ),
  'Accept-Encoding': responseField('The content codings that the operation reads (RFC 9110 §12.5.3)', 'gzip', LIST),
  'Retry-After': responseField('Seconds to wait before trying again (RFC 9110 §10.2.3)', '1', {
    pattern: String.raw`^\d{1,9}$`,
  }),
};
