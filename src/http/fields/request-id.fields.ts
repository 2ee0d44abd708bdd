import { responseField, type RequestField, type ResponseFields } from '../../contract/fields.js';
import { REQUEST_ID } from '../../contract/openapi/bounds.js';

/** The caller's name for its request. */
export const REQUEST_ID_FIELD: RequestField = {
  name: 'X-Request-Id',
  description:
    'Identifies this request in the answer and in the log. Without it, or in another form, the service makes one',
  example: 'a1b2c3',
  harmless: 'a1b2c3',
  pattern: REQUEST_ID.pattern,
  isIgnoredOtherwise: true,
  isFor: () => true,
};

/** It is on every answer. */
export const REQUEST_ID_FIELDS: ResponseFields = {
  'X-Request-Id': responseField(
    'The X-Request-Id of the request, or a new one. It identifies this answer in the log',
    'a1b2c3',
    REQUEST_ID,
  ),
};
