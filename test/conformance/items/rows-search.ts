import type { Row } from '../row.js';

/** I, continued: what items are found by. */
export const SEARCH: Row[] = [
  {
    number: 'I40',
    request: 'requests while the words of items from a release without search are being collected',
    answer:
      '503 `search-unready` with Retry-After to readiness; reads by id and changes go on; after a kill it goes on where it was',
    section: '§15.6.4, own',
    provenBy: 'test/e2e/database/search-filling.spec.ts',
  },
];
