import { scoped } from '../../access/access.answers.js';
import { answers, operation } from '../../contract/operation.js';
import { conditionalRead, everyOperation, negotiated, withoutBody } from '../../http/common-answers.js';
import { TARGET_SIZE } from '../../http/head/head.restrictions.js';
import { tooManyFollowers } from '../../http/load/following.problems.js';
import { limited } from '../../rate-limits/rate-limits.answers.js';
import { queries, reads } from '../../storage/storage.answers.js';
import { ChangePageDto, LatestPositionDto } from './change.dto.js';
import { readChangesRequest } from './changes-request.js';
import { invalidLastEventId, positionGone } from './changes.problems.js';
import { ListChangesDto } from './list-changes.dto.js';

/** HTML, "Server-sent events", §9.2. */
export const EVENT_STREAM = 'text/event-stream';

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
  answers: answers(reading, queries, {
    200: {
      description: 'The changes behind the position, and the next position; or all that come, as Server-Sent Events',
      body: ChangePageDto,
      mediaTypes: [EVENT_STREAM],
    },
    400: [invalidLastEventId],
    410: [positionGone],
    503: [tooManyFollowers],
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
