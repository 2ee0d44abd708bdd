import type { RequestField } from '../../contract/fields.js';

/** RFC 9110 §8.4. */
export const CONTENT_ENCODING_FIELD: RequestField = {
  name: 'Content-Encoding',
  description: 'How the body is compressed (RFC 9110 §8.4)',
  example: 'gzip',
  harmless: 'identity',
  values: ['identity', 'gzip'],
  isFor: ({ body }) => body !== undefined,
};
