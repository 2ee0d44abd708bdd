import type { SecuritySchemes } from '../contract/contract.js';
import { responseField, type ResponseFields } from '../contract/fields.js';

/** The header field of answers that ask for a credential. */
export const ACCESS_RESPONSE_FIELDS: ResponseFields = {
  'WWW-Authenticate': responseField(
    'Which credential is asked for, and what was wrong with the one that was sent (RFC 9110 §11.6.1, RFC 6750 §3)',
    'Bearer realm="items", error="invalid_token"',
    {
      pattern: String.raw`^Bearer realm="items"(?:, error="(?:invalid_token|insufficient_scope)")?(?:, scope="[a-z:]+")?$`,
    },
  ),
};

/** The two kinds of credentials. Both are sent as `Authorization: Bearer` (RFC 6750 §2.1). */
export const SECURITY_SCHEMES: SecuritySchemes = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'API key',
    description: 'An API key, which the operators of the service make with `npm run keys -- create`.',
  },
  jwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A JSON Web Token of the issuer that the service trusts, if its operators have named one. Its claim `scope` (RFC 8693 ' +
      '§4.2) or `scp` has the scopes.',
  },
};
