import type { Row } from '../row.js';

/** I, continued: what items are found by. */
export const SEARCH: Row[] = [
  {
    number: 'I20',
    request: 'GET of a list with filter: each operator on each type of value',
    answer: '200 with the items that have the type and value; != and =out= match what is absent, too',
    section: 'RSQL, own',
    provenBy: 'test/e2e/items/find-items.spec.ts',
  },
  {
    number: 'I21',
    request: 'GET of a list with a filter that can’t be understood, or is empty or too large',
    answer: '400 `invalid-filter` with the position in code points, and what is expected there',
    section: 'RSQL, own',
    provenBy: 'test/e2e/items/find-items.spec.ts',
  },
  {
    number: 'I22',
    request: 'GET of a list with q',
    answer: '200 with the items in which all words begin a word, without regard to case and accents',
    section: 'own',
    provenBy: 'test/e2e/items/find-items.spec.ts',
  },
  {
    number: 'I23',
    request: 'GET of a list with a q that is empty, too long or without a letter or digit',
    answer: '400 `invalid-query`',
    section: '§15.5.1, own',
    provenBy: 'test/e2e/items/find-items.spec.ts',
  },
  {
    number: 'I40',
    request: 'requests while the words of items from a release without search are being collected',
    answer:
      '503 `search-unready` with Retry-After to readiness, and to lists with q or a filter that looks for tags; reads by id and changes go on; after a kill it goes on where it was',
    section: '§15.6.4, own',
    provenBy: 'test/e2e/database/search-filling.spec.ts',
  },
];
