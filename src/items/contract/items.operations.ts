import { scoped } from '../../access/access.answers.js';
import {
  conditional,
  conditionalRead,
  guarded,
  everyOperation,
  withBody,
  negotiated,
  withoutBody,
  withPatch,
  withPathParameter,
} from '../../http/common-answers.js';
import { JSON_PATCH, MERGE_PATCH } from '../../http/body/patch/patch.js';
import { answers, operation } from '../../contract/operation.js';
import { MAX_OPERATIONS } from '../../http/body/patch/json-patch.js';
import { BODY_RESTRICTIONS } from '../../http/body/body.restrictions.js';
import { JSON_RESTRICTIONS } from '../../http/body/json/json.restrictions.js';
import { MOVE_INTO_ITSELF } from '../../http/body/patch/patch.restrictions.js';
import { TARGET_SIZE } from '../../http/head/head.restrictions.js';
import { KEY_PARAMETERS } from '../../idempotency/idempotency.fields.js';
import { repeatable } from '../../idempotency/idempotency.problems.js';
import { limited } from '../../rate-limits/rate-limits.answers.js';
import { reads, writes } from '../../storage/storage.answers.js';
import { queryTooSlow } from '../../storage/storage.problems.js';
import { CreateItemDto } from '../dto/create-item.dto.js';
import { GetItemDto } from '../dto/get-item.dto.js';
import { ItemDto } from '../dto/item.dto.js';
import { PartialItemDto } from '../dto/listed-item.dto.js';
import { FromOperationDto, MergePatchDto, RemoveOperationDto, ValueOperationDto } from '../dto/patch-item.dto.js';
import { ReplaceItemDto } from '../dto/replace-item.dto.js';
import { ITEM_ID, ITEM_PARAMETER } from '../dto/item.schemas.js';
import {
  itemExists,
  itemIdDiffers,
  itemNotFound,
  itemVersionDiffers,
  patchDoesNotApply,
  patchResultInvalid,
} from './items.problems.js';
import { versionErased, versionNotFound, versionTrimmed } from './versions.problems.js';
import { DEPTH, PATCH_RESULT, READ_ONLY, SIZE } from './items.restrictions.js';

const params = { id: ITEM_PARAMETER };

/** The example of an item that was just created. */
const NEW_ITEM = { version: 1, updatedAt: '2025-11-22T10:00:00.123Z' };

export const createItem = operation({
  id: 'createItem',
  method: 'POST',
  tag: 'Items',
  path: '/items',
  summary: 'Create an item',
  scope: 'items:write',
  rate: 'write',
  body: CreateItemDto,
  restrictions: [...BODY_RESTRICTIONS, ...JSON_RESTRICTIONS, DEPTH, SIZE, KEY_PARAMETERS],
  followsPrefer: true,
  cacheControl: 'no-store, no-transform',
  answers: answers(everyOperation, limited, withBody, negotiated, conditional, repeatable, writes, scoped, {
    // Only with the entity-tag of the list in If-None-Match.
    400: [queryTooSlow],
    201: {
      description: 'The new item',
      body: ItemDto,
      noContentUnder: 'return=minimal',
      fields: ['Location', 'ETag'],
      optionalFields: ['Content-Location', 'Preference-Applied'],
      example: { content: NEW_ITEM, fields: { ETag: '"1-9f86d081"' } },
    },
    409: [itemExists],
  }),
});

export const getItem = operation({
  id: 'getItem',
  method: 'GET',
  tag: 'Items',
  path: '/items/:id',
  summary: 'Read an item',
  scope: 'items:read',
  rate: 'read',
  params,
  query: GetItemDto,
  restrictions: [TARGET_SIZE],
  cacheControl: 'private, no-cache, no-transform',
  answers: answers(
    everyOperation,
    limited,
    withPathParameter,
    withoutBody,
    negotiated,
    conditionalRead,
    reads,
    scoped,
    {
      200: {
        description: 'The item',
        body: ItemDto,
        partial: { body: PartialItemDto, parameter: 'fields' },
        fields: ['ETag', 'Last-Modified'],
      },
      304: { description: 'The item is as the client has it', fields: ['ETag'] },
      404: [itemNotFound, versionNotFound],
      410: [versionErased, versionTrimmed],
    },
  ),
});

export const replaceItem = operation({
  id: 'replaceItem',
  method: 'PUT',
  tag: 'Items',
  path: '/items/:id',
  summary: 'Create an item, or replace it as a whole',
  scope: 'items:write',
  rate: 'write',
  params,
  body: ReplaceItemDto,
  examples: { 'application/json': { name: 'apple', description: 'red', attributes: { colour: 'red' } } },
  restrictions: [...BODY_RESTRICTIONS, ...JSON_RESTRICTIONS, DEPTH, SIZE, KEY_PARAMETERS],
  followsPrefer: true,
  answers: answers(
    everyOperation,
    limited,
    withPathParameter,
    withBody,
    negotiated,
    guarded,
    repeatable,
    writes,
    scoped,
    {
      200: {
        description: 'The item as it is now',
        body: ItemDto,
        fields: ['Content-Location'],
        optionalFields: ['Preference-Applied'],
      },
      201: {
        description: 'The new item',
        body: ItemDto,
        noContentUnder: 'return=minimal',
        optionalFields: ['Content-Location', 'Preference-Applied'],
        example: { content: NEW_ITEM },
      },
      204: { description: 'The item was replaced, and no content was preferred', fields: ['Preference-Applied'] },
      409: [itemIdDiffers, itemVersionDiffers],
    },
  ),
});

export const patchItem = operation({
  id: 'patchItem',
  method: 'PATCH',
  tag: 'Items',
  path: '/items/:id',
  summary: 'Change an item by a merge patch or a JSON Patch',
  scope: 'items:write',
  rate: 'write',
  params,
  body: {
    [MERGE_PATCH]: MergePatchDto,
    [JSON_PATCH]: { oneOf: [ValueOperationDto, RemoveOperationDto, FromOperationDto], maxItems: MAX_OPERATIONS },
    'application/json': MergePatchDto,
  },
  examples: {
    [MERGE_PATCH]: { description: 'sweet', attributes: { colour: 'green', weight: 150 } },
    [JSON_PATCH]: [{ op: 'add', path: '/attributes/origin', value: 'Kent' }],
    'application/json': { description: 'crisp', attributes: { colour: 'yellow' } },
  },
  restrictions: [
    ...BODY_RESTRICTIONS,
    ...JSON_RESTRICTIONS,
    DEPTH,
    SIZE,
    READ_ONLY,
    PATCH_RESULT,
    MOVE_INTO_ITSELF,
    KEY_PARAMETERS,
  ],
  followsPrefer: true,
  cacheControl: 'no-store, no-transform',
  answers: answers(
    everyOperation,
    limited,
    withPathParameter,
    withPatch,
    negotiated,
    guarded,
    repeatable,
    writes,
    scoped,
    {
      200: {
        description: 'The item as it is now',
        body: ItemDto,
        fields: ['Content-Location', 'ETag'],
        optionalFields: ['Preference-Applied'],
      },
      204: {
        description: 'The item was changed, and no content was preferred',
        fields: ['ETag', 'Preference-Applied'],
      },
      404: [itemNotFound],
      409: [patchDoesNotApply],
      422: [patchResultInvalid],
    },
  ),
});

export const deleteItem = operation({
  id: 'deleteItem',
  method: 'DELETE',
  tag: 'Items',
  path: '/items/:id',
  summary: 'Delete an item',
  scope: 'items:write',
  rate: 'write',
  // The item that the example of POST creates: later examples are about the other one.
  params: { id: ITEM_ID },
  restrictions: [KEY_PARAMETERS],
  answers: answers(everyOperation, limited, withPathParameter, withoutBody, guarded, repeatable, writes, scoped, {
    204: { description: 'The item is gone' },
    404: [itemNotFound],
  }),
});
