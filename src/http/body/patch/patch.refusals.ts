import type { Refusal } from '../../../contract/refusal.js';

/** For a JSON Patch. */
export const MOVE_INTO_ITSELF: Refusal = {
  name: 'move-into-itself',
  says: 'a JSON Patch that moves a value into itself',
  codes: ['invalid-body'],
  rule: 'move',
};
