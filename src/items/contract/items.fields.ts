import { responseField, type ResponseFields } from '../../contract/fields.js';
import { LINK } from '../../contract/openapi/bounds.js';

// RFC 9110 §5.6.7.
const HTTP_DATE = { pattern: String.raw`^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$` };

/** The header fields of answers that say something about items. */
export const ITEM_RESPONSE_FIELDS: ResponseFields = {
  ETag: responseField(
    'The entity-tag, as it comes: of an item strong; of a page of items weak; of a document strong (RFC 9110 §8.8.3)',
    '"3-9f86d081"',
    { pattern: String.raw`^(?:W/)?"[\x21\x23-\x7E]{1,64}"$` },
  ),
  'Last-Modified': responseField(
    'When the item last changed, in whole seconds (RFC 9110 §8.8.2)',
    'Sat, 22 Nov 2025 10:05:00 GMT',
    HTTP_DATE,
  ),
  Location: responseField('Where the new item is (RFC 9110 §10.2.2)', '/items/bolt-m8', LINK),
  'Content-Location': responseField('The item that the content represents (RFC 9110 §8.7)', '/items/bolt-m8', LINK),
  Link: responseField(
    'rel="first", and rel="next" unless it is the last page (RFC 8288)',
    '</items?limit=20>; rel="first"',
    { maxLength: 32_768 },
  ),
};
