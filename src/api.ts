import type { Api } from './contract/api.js';
import {
  CONDITION_FIELDS,
  CONTENT_ENCODING_FIELD,
  HTTP_RESPONSE_FIELDS,
  PREFER_FIELD,
  REQUEST_ID_FIELD,
} from './http/described-fields.js';
import { outside } from './http/outside.js';
import { CURSOR, HEADER_SIZE, MOVE_INTO_ITSELF, REFUSALS_OF_BODY, TARGET_SIZE } from './http/refusals.js';
import {
  IDEMPOTENCY_KEY_FIELD,
  IDEMPOTENCY_RESPONSE_FIELDS,
  KEY_PARAMETERS,
} from './idempotency/idempotency.fields.js';
import { ITEM_RESPONSE_FIELDS } from './items/contract/items.fields.js';
import { DEPTH, PATCH_RESULT, READ_ONLY, SIZE } from './items/contract/items.refusals.js';
import { OPERATIONS } from './operations.js';
import { RATE_LIMIT_RESPONSE_FIELDS } from './rate-limits/rate-limits.fields.js';
import { REFERENCE_RESPONSE_FIELDS } from './reference/reference.operations.js';

/** Everything that the service declares, put together from all subjects. */
export const api: Api = {
  version: '0.1.0',
  operations: OPERATIONS,
  outside,
  tags: [
    { name: 'Items', description: 'Create, read, list, replace and delete items' },
    { name: 'Service', description: 'The index, health and documentation of the service' },
  ],
  requestFields: [...CONDITION_FIELDS, PREFER_FIELD, IDEMPOTENCY_KEY_FIELD, CONTENT_ENCODING_FIELD, REQUEST_ID_FIELD],
  responseFields: {
    ...HTTP_RESPONSE_FIELDS,
    ...IDEMPOTENCY_RESPONSE_FIELDS,
    ...ITEM_RESPONSE_FIELDS,
    ...RATE_LIMIT_RESPONSE_FIELDS,
    ...REFERENCE_RESPONSE_FIELDS,
  },
  refusals: [
    TARGET_SIZE,
    HEADER_SIZE,
    ...REFUSALS_OF_BODY,
    DEPTH,
    SIZE,
    READ_ONLY,
    PATCH_RESULT,
    MOVE_INTO_ITSELF,
    CURSOR,
    KEY_PARAMETERS,
  ],
  refusalsOfAll: [HEADER_SIZE],
};
