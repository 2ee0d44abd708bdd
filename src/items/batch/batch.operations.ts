import { scoped } from '../../access/access.answers.js';
import { answers, operation } from '../../contract/operation.js';
import { BODY_RESTRICTIONS, sizeRestriction } from '../../http/body/body.restrictions.js';
import { countRestriction } from '../../http/body/json/json.restrictions.js';
import { everyOperation, guarded, negotiated, withBody } from '../../http/common-answers.js';
import { unexpectedContent, unsupportedPatchType } from '../../http/head/content/content.problems.js';
import { invalidPath } from '../../http/head/head.problems.js';
import { KEY_PARAMETERS } from '../../idempotency/idempotency.fields.js';
import { repeatable } from '../../idempotency/idempotency.problems.js';
import { limited } from '../../rate-limits/rate-limits.answers.js';
import { quotaTooSmall } from '../../rate-limits/rate-limits.problems.js';
import { writes } from '../../storage/storage.answers.js';
import { queryTooSlow } from '../../storage/storage.problems.js';
import {
  itemExists,
  itemIdDiffers,
  itemNotFound,
  itemVersionDiffers,
  patchDoesNotApply,
  patchResultInvalid,
} from '../contract/items.problems.js';
import { BatchAnswerDto } from './batch-answer.dto.js';
import { BatchDto } from './batch.dto.js';
import { BATCH_BODY_LIMITS } from './batch.limits.js';
import { misplacedIdempotencyKey } from './batch.problems.js';
import { KEY_PLACE, OPERATION_ID, REFUSED_OPERATION, SAME_ID } from './batch.restrictions.js';

const [, ...OTHER_BODY_RESTRICTIONS] = BODY_RESTRICTIONS;

/** The answers to an atomic batch one of whose operations is refused. */
const refused = {
  // The last only with the entity-tag of the list in the ifNoneMatch of a POST.
  400: [invalidPath, unexpectedContent, queryTooSlow],
  404: [itemNotFound],
  409: [itemExists, itemIdDiffers, itemVersionDiffers, patchDoesNotApply],
  415: [unsupportedPatchType],
  422: [patchResultInvalid],
};

export const changeItems = operation({
  id: 'changeItems',
  method: 'POST',
  tag: 'Items',
  path: '/batch',
  summary: 'Create, replace, change and delete many items',
  scope: 'items:write',
  rate: 'write',
  body: BatchDto,
  bodyLimits: BATCH_BODY_LIMITS,
  examples: {
    'application/json': {
      atomic: true,
      operations: [
        { method: 'PUT', id: 'nut-m8', body: { name: 'Nut M8', attributes: { thread: 'M8' } } },
        { method: 'PATCH', id: 'nut-m8', body: { tags: ['steel', 'metric'] } },
      ],
    },
  },
  restrictions: [
    sizeRestriction(BATCH_BODY_LIMITS.bytes),
    ...OTHER_BODY_RESTRICTIONS,
    countRestriction(BATCH_BODY_LIMITS.values),
    KEY_PARAMETERS,
    KEY_PLACE,
    OPERATION_ID,
    SAME_ID,
    REFUSED_OPERATION,
  ],
  hasNoRepresentation: true,
  followsPrefer: true,
  answers: answers(everyOperation, limited, withBody, negotiated, guarded, repeatable, writes, scoped, refused, {
    200: {
      description: 'All operations were carried out',
      body: BatchAnswerDto,
      optionalFields: ['Preference-Applied'],
    },
    207: {
      description: 'Each operation was carried out or refused by itself; its result says so',
      body: BatchAnswerDto,
      optionalFields: ['Preference-Applied'],
    },
    400: [misplacedIdempotencyKey],
    429: [quotaTooSmall],
  }),
});
