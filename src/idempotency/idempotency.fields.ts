import { responseField, type RequestField, type ResponseFields } from '../contract/fields.js';
import type { Restriction } from '../contract/restriction.js';
import { takesKey } from './idempotency-key.js';

/** A bare key, or a String of RFC 9651 with or without parameters. */
const KEY = String.raw`^(?:[!#-~][!-~]{0,254}|"(?:[!#-\[\]-~]|\\["\\]){1,255}"(?:;.*)?)$`;

/** draft-ietf-httpapi-idempotency-key-header-07 §2.3: the documentation must say how long a key is kept. */
export const IDEMPOTENCY_KEY_FIELD: RequestField = {
  name: 'Idempotency-Key',
  description: ({ idempotencyTtlHours }) =>
    'Identifies this request, so that it can be sent again without being carried out again: 1 to 255 visible ASCII ' +
    `characters, bare or as a quoted string. For ${idempotencyTtlHours} hours a repeat gets the first answer, marked ` +
    '`Idempotency-Replayed: true`. A 4xx is not remembered',
  example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  harmless: '1',
  pattern: KEY,
  isUnique: true,
  answeredBy: 'Idempotency-Replayed',
  isFor: takesKey,
};

/** The header field of a repeated answer. */
export const IDEMPOTENCY_RESPONSE_FIELDS: ResponseFields = {
  'Idempotency-Replayed': responseField('true if this is the first answer again, and nothing was carried out', 'true', {
    enum: ['true'],
  }),
};

/** What schemas can't express of an Idempotency-Key. */
export const KEY_PARAMETERS: Restriction = {
  name: 'key-parameters',
  says: 'an `Idempotency-Key` with malformed parameters (RFC 9651 §3.1.2)',
  codes: ['invalid-idempotency-key'],
  rule: 'key',
};
