import { responseField, type ResponseFields } from '../../contract/fields.js';
import { LINK } from '../../contract/openapi/bounds.js';

/** The header fields of answers that name an item. */
export const ITEM_RESPONSE_FIELDS: ResponseFields = {
  Location: responseField('Where the new item is (RFC 9110 §10.2.2)', '/items/bolt-m8', LINK),
  'Content-Location': responseField('The item that the content represents (RFC 9110 §8.7)', '/items/bolt-m8', LINK),
};
