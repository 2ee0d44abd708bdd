import type { Restriction } from '../../contract/restriction.js';

/** For a listing in pages. */
export const CURSOR: Restriction = {
  name: 'cursor',
  says: 'a cursor that does not come from a page of this listing',
  codes: ['invalid-cursor'],
};
