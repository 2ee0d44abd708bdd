import { scoped } from '../../access/access.answers.js';
import { answers, operation } from '../../contract/operation.js';
import { BODY_RESTRICTIONS } from '../../http/body/body.restrictions.js';
import { EXACT_NUMBER } from '../../http/body/json/json.restrictions.js';
import {
  conditionalRead,
  everyOperation,
  guarded,
  negotiated,
  withBody,
  withoutBody,
  withPathParameter,
} from '../../http/common-answers.js';
import { invalidCursor } from '../../http/fields/cursor.problems.js';
import { CURSOR } from '../../http/fields/cursor.restrictions.js';
import { TARGET_SIZE } from '../../http/head/head.restrictions.js';
import { KEY_PARAMETERS } from '../../idempotency/idempotency.fields.js';
import { repeatable } from '../../idempotency/idempotency.problems.js';
import { limited } from '../../rate-limits/rate-limits.answers.js';
import { queries, reads, writes } from '../../storage/storage.answers.js';
import { queryTooSlow } from '../../storage/storage.problems.js';
import { ItemDto } from '../dto/item.dto.js';
import { ITEM_ID, ITEM_PARAMETER } from '../dto/item.schemas.js';
import { ItemVersionDto, ItemVersionPageDto } from '../dto/item-version.dto.js';
import { ListVersionsDto } from '../dto/list-versions.dto.js';
import { RestoreItemDto } from '../dto/restore-item.dto.js';
import { VERSIONS_MAX_BYTES } from '../store/history/history.statements.js';
import { itemNotFound } from './items.problems.js';
import { readVersionsRequest, VERSION_NUMBER } from './versions-request.js';
import { itemNotDeleted, versionErased, versionNotFound, versionTrimmed } from './versions.problems.js';

const reading = answers(
  everyOperation,
  limited,
  withPathParameter,
  withoutBody,
  negotiated,
  conditionalRead,
  reads,
  scoped,
);

export const listVersions = operation({
  id: 'listVersions',
  method: 'GET',
  tag: 'History',
  path: '/items/:id/versions',
  summary: 'List the versions of an item, the newest first',
  scope: 'items:read',
  rate: 'read',
  params: { id: ITEM_PARAMETER },
  query: ListVersionsDto,
  readQuery: (query, { id = '' }) => readVersionsRequest(query, id),
  restrictions: [TARGET_SIZE, CURSOR],
  largestAnswerBytes: VERSIONS_MAX_BYTES,
  cacheControl: 'private, no-cache, no-transform',
  answers: answers(reading, queries, {
    200: { description: 'A page of versions', body: ItemVersionPageDto, fields: ['ETag', 'Link'] },
    304: { description: 'The page is the one that the client has', fields: ['ETag'] },
    400: [invalidCursor],
    404: [itemNotFound],
  }),
});

export const getVersion = operation({
  id: 'getVersion',
  method: 'GET',
  tag: 'History',
  path: '/items/:id/versions/:version',
  summary: 'Read a version of an item',
  scope: 'items:read',
  rate: 'read',
  params: {
    id: ITEM_PARAMETER,
    version: { pattern: VERSION_NUMBER, expected: 'the number of a version, in digits', example: '1' },
  },
  cacheControl: 'private, no-cache, no-transform',
  answers: answers(reading, {
    200: { description: 'The version', body: ItemVersionDto, fields: ['ETag', 'Last-Modified'] },
    304: { description: 'The version is as the client has it', fields: ['ETag'] },
    404: [itemNotFound, versionNotFound],
    410: [versionErased, versionTrimmed],
  }),
});

export const restoreItem = operation({
  id: 'restoreItem',
  method: 'POST',
  tag: 'History',
  path: '/items/:id/restore',
  summary: 'Give an item the state of one of its versions',
  scope: 'items:write',
  rate: 'write',
  params: { id: ITEM_PARAMETER },
  body: RestoreItemDto,
  restrictions: [...BODY_RESTRICTIONS, EXACT_NUMBER, KEY_PARAMETERS],
  followsPrefer: true,
  cacheControl: 'no-store, no-transform',
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
        fields: ['Content-Location', 'ETag'],
        optionalFields: ['Preference-Applied'],
      },
      201: {
        description: 'The item, which was deleted and is there again',
        body: ItemDto,
        noContentUnder: 'return=minimal',
        fields: ['Location', 'ETag'],
        optionalFields: ['Content-Location', 'Preference-Applied'],
      },
      204: {
        description: 'The item has that state, and no content was preferred',
        fields: ['ETag', 'Preference-Applied'],
      },
      404: [itemNotFound, versionNotFound],
      410: [versionErased, versionTrimmed],
    },
  ),
});

export const eraseVersions = operation({
  id: 'eraseVersions',
  method: 'DELETE',
  tag: 'History',
  path: '/items/:id/versions',
  summary: 'Erase the versions of a deleted item',
  scope: 'items:erase',
  rate: 'write',
  // The item that the example of DELETE deletes.
  params: { id: ITEM_ID },
  restrictions: [KEY_PARAMETERS],
  answers: answers(everyOperation, limited, withPathParameter, withoutBody, guarded, repeatable, writes, scoped, {
    204: { description: 'The versions are erased' },
    // Only with the entity-tag of the list in If-Match or If-None-Match.
    400: [queryTooSlow],
    404: [itemNotFound],
    409: [itemNotDeleted],
  }),
});
