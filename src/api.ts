import { ACCESS_RESPONSE_FIELDS, SECURITY_SCHEMES } from './access/access.fields.js';
import type { Api } from './contract/api.js';
import { BODY_REFUSALS } from './http/body/body.refusals.js';
import { CONTENT_ENCODING_FIELD } from './http/body/content-coding.fields.js';
import { JSON_REFUSALS } from './http/body/json/json.refusals.js';
import { MOVE_INTO_ITSELF } from './http/body/patch/patch.refusals.js';
import { CONDITION_FIELDS, VALIDATOR_FIELDS } from './http/fields/conditions/condition.fields.js';
import { CURSOR } from './http/fields/cursor.refusals.js';
import { LINK_FIELDS } from './http/fields/page-links.fields.js';
import { PREFER_FIELD, PREFERENCE_FIELDS } from './http/fields/prefer.fields.js';
import { REQUEST_ID_FIELD, REQUEST_ID_FIELDS } from './http/fields/request-id.fields.js';
import { HEADER_SIZE, TARGET_SIZE } from './http/head/head.refusals.js';
import { HTTP_RESPONSE_FIELDS } from './http/http.fields.js';
import { outside } from './http/outside.js';
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
  refusals: [
    TARGET_SIZE,
    HEADER_SIZE,
    ...BODY_REFUSALS,
    ...JSON_REFUSALS,
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
