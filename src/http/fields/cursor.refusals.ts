import type { Refusal } from '../../contract/refusal.js';

/** For a listing in pages. */
export const CURSOR: Refusal = {
  name: 'cursor',
  says: 'a cursor that does not come from a page of this listing',
  codes: ['invalid-cursor'],
};
