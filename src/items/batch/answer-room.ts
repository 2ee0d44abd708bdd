import type { Terms } from '../terms.js';
import type { BatchBody } from './batch-body.js';
import { ANSWER_ROOM_MAX_BYTES } from './batch.limits.js';

/** About what a result has beside its item: status, header fields, version and times; or most problems. */
const RESULT_BYTES = 512;

/** About the largest item as JSON. */
const LARGEST_ITEM_BYTES = 45_056;

/**
 * The room that the answer to a batch needs, in bytes; for many patches of large items less than it can become. It is taken before the
 * operations are carried out, and bounds how many batches are under way.
 */
export function answerBytesOf({ operations, length }: BatchBody, { preference }: Terms): number {
  const ofResults = RESULT_BYTES * operations.length;
  if (preference === 'minimal') return ofResults;
  const patches = operations.filter(({ method }) => method === 'PATCH').length;
  return Math.min(ANSWER_ROOM_MAX_BYTES, ofResults + length + patches * LARGEST_ITEM_BYTES);
}
