import type { Restriction } from '../../../contract/restriction.js';

/** For a JSON Patch. */
export const MOVE_INTO_ITSELF: Restriction = {
  name: 'move-into-itself',
  says: 'a JSON Patch that moves a value into itself',
  codes: ['invalid-body'],
  rule: 'move',
};
