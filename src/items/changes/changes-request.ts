import { parsePosition, type Position } from '../store/changes/position.js';
import { invalidLastEventId } from './changes.problems.js';
import { CHANGES_LIMIT, NOW, type ListChangesDto } from './list-changes.dto.js';

/** What a request for changes asks for. */
export interface ChangesRequest {
  /** Undefined: from the oldest change that is kept with all that followed. */
  after: Position | typeof NOW | undefined;
  limit: number;
  ids: ReadonlySet<string> | undefined;
  isWithItem: boolean;
  /** How long to wait for a change if there is none yet, in milliseconds. */
  waitMs: number;
}

/** Reads the query of GET /changes. */
export function readChangesRequest({
  after,
  limit = CHANGES_LIMIT.default,
  ids,
  include,
  wait = 0,
}: ListChangesDto): ChangesRequest {
  return {
    after: after === undefined || after === NOW ? after : parsePosition(after),
    limit,
    ids: ids === undefined ? undefined : new Set(ids.split(',')),
    isWithItem: include !== 'none',
    waitMs: wait * 1_000,
  };
}

/**
 * The request of a client that says what came last: that goes before `after`, which an EventSource sends again each time. Problem:
 * invalidLastEventId (400).
 */
export function continued(request: ChangesRequest, lastEventId: string | undefined): ChangesRequest {
  if (!lastEventId) return request;
  const after = parsePosition(lastEventId);
  if (!after) throw invalidLastEventId(lastEventId);
  return { ...request, after };
}
