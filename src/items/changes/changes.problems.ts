import { BadRequestException, GoneException } from '@nestjs/common';
import { OF_HEAD } from '../../contract/openapi/bounds.js';
import { problem } from '../../problems/problem.js';
import { POSITION_PATTERN } from '../store/changes/position.js';

const POSITION = { type: 'string', pattern: `^${POSITION_PATTERN}$` } as const;

/** The feed can't go on behind this position: changes are missing, or it is one of another history. RFC 9110 §15.5.11. */
export const positionGone = problem(
  GoneException,
  {
    code: 'position-gone',
    title: 'Position gone',
    retryable: false,
    meaning:
      'The changes behind this position are no longer all there, since old versions were trimmed (HISTORY_RETENTION_DAYS), or the ' +
      'position does not belong to this feed, since the database was restored or replaced.',
    remedy:
      'Keep latest. Read all items again with GET /items, drop those of yours that are not among them, and then follow from latest. ' +
      'Changes made meanwhile come again, so take a change only if its version is higher than the one that you have.',
    retry: 'Never: what was trimmed does not come back.',
    members: {
      position: { ...POSITION, description: 'The position that was asked for' },
      latest: { ...POSITION, description: 'The newest position, from which to follow once all items are read' },
    },
  },
  (position: string, latest: string) => ({
    detail: `The feed can't go on behind ${position}. Read all items again with GET /items, then follow from latest.`,
    members: { position, latest },
  }),
  ['7-2c26b46b', '42-9f86d081'],
);

/** Last-Event-ID is no position. */
export const invalidLastEventId = problem(
  BadRequestException,
  {
    code: 'invalid-last-event-id',
    title: 'Invalid Last-Event-ID',
    retryable: false,
    meaning: 'Last-Event-ID is not a position of the change feed.',
    remedy: 'Send the id of the last event as it came, or the position of the last page; or leave the field out.',
    members: { given: { type: 'string', ...OF_HEAD, description: 'The field as it was sent' } },
  },
  (given: string) => ({
    detail: 'Last-Event-ID must be a position, such as 42-9f86d081.',
    errors: [
      { header: 'Last-Event-ID', rule: 'position', detail: 'Last-Event-ID must be a position, such as 42-9f86d081.' },
    ],
    members: { given },
  }),
  ['yesterday'],
);
