import { responseField, type ResponseFields } from '../../contract/fields.js';

/** RFC 8288. */
export const LINK_FIELDS: ResponseFields = {
  Link: responseField(
    'rel="first", and rel="next" unless it is the last page (RFC 8288)',
    '</items?limit=20>; rel="first"',
    { maxLength: 32_768 },
  ),
};
