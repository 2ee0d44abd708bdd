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
  {
    number: 'I56',
    request: 'GET of a list with a filter on attributes that INDEXED_ATTRIBUTES names',
    answer: '200 with the same items as without an index',
    section: 'own',
    provenBy: 'test/e2e/items/attribute-indexes.spec.ts',
  },
  {
    number: 'I57',
    request: 'changes of items that have the largest and longest values there',
    answer: '201, 200 and 204 as without an index',
    section: 'own',
    provenBy: 'test/e2e/items/attribute-indexes.spec.ts',
  },
  {
    number: 'I58',
    request: 'requests while an index on an attribute is being made on PostgreSQL',
    answer: 'what they get without it, changes too; readiness is 200',
    section: 'own',
    engine: 'postgres',
    provenBy: 'test/e2e/database/attribute-indexing.spec.ts',
  },
  {
    number: 'I59',
    request:
      'requests while an index on an attribute is being made at the start on SQLite, where changes would wait for it',
    answer: '503 `starting` until it is made; liveness is 200',
    section: '§15.6.4, own',
    engine: 'sqlite',
    provenBy: 'test/e2e/database/attribute-indexing.spec.ts',
  },
];
