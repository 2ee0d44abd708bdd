import { ACCESS_RESPONSE_FIELDS, SECURITY_SCHEMES } from './access/access.fields.js';
import type { Contract } from './contract/contract.js';
import { CONTENT_ENCODING_FIELD } from './http/body/content-coding.fields.js';
import { CONDITION_FIELDS, VALIDATOR_FIELDS } from './http/fields/conditions/condition.fields.js';
import { LINK_FIELDS } from './http/fields/page-links.fields.js';
import { PREFER_FIELD, PREFERENCE_FIELDS } from './http/fields/prefer.fields.js';
import { REQUEST_ID_FIELD, REQUEST_ID_FIELDS } from './http/fields/request-id.fields.js';
import { HEADER_SIZE } from './http/head/head.restrictions.js';
import { HTTP_RESPONSE_FIELDS } from './http/http.fields.js';
import { outside } from './http/outside.js';
import { IDEMPOTENCY_KEY_FIELD, IDEMPOTENCY_RESPONSE_FIELDS } from './idempotency/idempotency.fields.js';
import { LAST_EVENT_ID_FIELD } from './items/changes/changes.fields.js';
import { ITEM_RESPONSE_FIELDS } from './items/contract/items.fields.js';
import { OPERATIONS } from './operations.js';
import { RATE_LIMIT_RESPONSE_FIELDS } from './rate-limits/rate-limits.fields.js';
import { REFERENCE_RESPONSE_FIELDS } from './reference/reference.operations.js';

/** Everything that the service declares, put together from all subjects. */
export const contract: Contract = {
  version: '0.1.0',
  operations: OPERATIONS,
  outside,
  tags: [
    { name: 'Items', description: 'Create, read, list, replace and delete items' },
    { name: 'History', description: 'Read earlier versions of items, restore them, and erase them' },
    { name: 'Changes', description: 'Follow the changes of all items' },
    { name: 'Service', description: 'The index, health and documentation of the service' },
  ],
  requestFields: [
    ...CONDITION_FIELDS,
    PREFER_FIELD,
    IDEMPOTENCY_KEY_FIELD,
    LAST_EVENT_ID_FIELD,
    CONTENT_ENCODING_FIELD,
    REQUEST_ID_FIELD,
  ],
  responseFields: {
    ...REQUEST_ID_FIELDS,
    ...HTTP_RESPONSE_FIELDS,
    ...ACCESS_RESPONSE_FIELDS,
    ...PREFERENCE_FIELDS,
    ...VALIDATOR_FIELDS,
    ...LINK_FIELDS,
    ...IDEMPOTENCY_RESPONSE_FIELDS,
    ...ITEM_RESPONSE_FIELDS,
    ...RATE_LIMIT_RESPONSE_FIELDS,
    ...REFERENCE_RESPONSE_FIELDS,
  },
  securitySchemes: SECURITY_SCHEMES,
  restrictionsOfAll: [HEADER_SIZE],
};
