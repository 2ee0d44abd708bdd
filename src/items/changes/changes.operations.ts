import { scoped } from '../../access/access.answers.js';
import { answers, operation } from '../../contract/operation.js';
import { conditionalRead, everyOperation, negotiated, withoutBody } from '../../http/common-answers.js';
import { TARGET_SIZE } from '../../http/head/head.restrictions.js';
import { limited } from '../../rate-limits/rate-limits.answers.js';
import { queries, reads } from '../../storage/storage.answers.js';
import { ChangePageDto, LatestPositionDto } from './change.dto.js';
import { readChangesRequest } from './changes-request.js';
import { invalidLastEventId, positionGone } from './changes.problems.js';
import { ListChangesDto } from './list-changes.dto.js';

/** The most content of a page; the next changes come with the next page. */
export const CHANGES_MAX_BYTES = 1_048_576;

const reading = answers(everyOperation, limited, withoutBody, negotiated, scoped);

export const listChanges = operation({
  id: 'listChanges',
  method: 'GET',
  tag: 'Changes',
  path: '/changes',
  summary: 'Read the changes of all items, in their order',
  scope: 'changes:read',
  rate: 'read',
  query: ListChangesDto,
  readQuery: readChangesRequest,
  restrictions: [TARGET_SIZE],
  largestAnswerBytes: CHANGES_MAX_BYTES,
  answers: answers(reading, queries, {
    200: { description: 'The changes behind the position, and the next position', body: ChangePageDto },
    400: [invalidLastEventId],
    410: [positionGone],
  }),
});

export const getLatestPosition = operation({
  id: 'getLatestPosition',
  method: 'GET',
  tag: 'Changes',
  path: '/changes/latest',
  summary: 'The position behind the newest change',
  scope: 'changes:read',
  rate: 'read',
  cacheControl: 'private, no-cache',
  answers: answers(reading, conditionalRead, reads, {
    200: {
      description: 'The position, in ETag, too',
      body: LatestPositionDto,
      fields: ['ETag'],
      example: { fields: { ETag: '"42-9f86d081"' } },
    },
    304: {
      description: 'There was no change since that position',
      fields: ['ETag'],
      example: { fields: { ETag: '"42-9f86d081"' } },
    },
  }),
});
