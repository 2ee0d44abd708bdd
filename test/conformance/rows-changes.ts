import type { Row } from './row.js';

const PAGES = 'test/e2e/changes/pages.spec.ts';
const POSITIONS = 'test/e2e/changes/positions.spec.ts';

/** Q: the change feed. */
export const CHANGES: Row[] = [
  {
    number: 'Q1',
    request: 'GET of the changes',
    answer:
      '200 with every change of every item once, in the order of the writes: position, operation, id, version, time, caller, request and the ' +
      'item after it, which is null after a delete; nothing for a request that changed nothing',
    section: 'own',
    provenBy: PAGES,
  },
  {
    number: 'Q2',
    request: 'GET of the changes, page by page, each after the position of the page before',
    answer: '200 with each change once, whatever limit is; behind the newest none, and the same position',
    section: 'own',
    provenBy: PAGES,
  },
  {
    number: 'Q3',
    request: 'GET of the changes with `after=now`',
    answer: '200 with none, and the position behind the newest change',
    section: 'own',
    exchanges: [
      { send: 'GET /changes?after=now', status: 200, content: { changes: [] } },
      {
        send: 'GET /changes?after=yesterday',
        status: 400,
        code: 'invalid-query',
        content: { errors: [{ parameter: 'after' }] },
      },
      { send: 'GET /changes?after=1-2C26B46B', status: 400, code: 'invalid-query' },
      { send: 'GET /changes?limit=1001', status: 400, code: 'invalid-query' },
      { send: 'GET /changes?include=all', status: 400, code: 'invalid-query' },
    ],
  },
  {
    number: 'Q4',
    request: 'GET of the changes with Last-Event-ID',
    answer: 'it goes before `after`; an empty one is ignored; one that is no position 400',
    section: 'HTML, "Server-sent events", §9.2.4, own',
    provenBy: PAGES,
  },
  {
    number: 'Q5',
    request: 'GET of the changes with `ids` or `include=none`',
    answer:
      '200 with changes of these items alone, or without the items; a page that looked at many changes and found none has a later position',
    section: 'own',
    provenBy: PAGES,
  },
  {
    number: 'Q6',
    request: 'GET of changes that are more than 1 MiB together',
    answer: '200 with fewer, but one at least',
    section: 'own',
    provenBy: PAGES,
  },
  {
    number: 'Q7',
    request: 'GET of the changes after a position of another history, or past the end',
    answer: '410 with the position from which to follow once all items are read',
    section: '§15.5.11, own',
    provenBy: POSITIONS,
  },
  {
    number: 'Q8',
    request: 'the same after a position behind which changes were trimmed',
    answer: '410, too; without a position the feed begins behind the newest change that was trimmed',
    section: '§15.5.11, own',
    provenBy: POSITIONS,
  },
  {
    number: 'Q9',
    request: 'GET or HEAD of the latest position',
    answer: '200 with the position, in ETag, too; 304 for who has it',
    section: '§8.8.3, §13.1.2, own',
    provenBy: POSITIONS,
  },
  {
    number: 'Q10',
    request: 'GET of a change that was erased',
    answer: '200 with `item: null` and `erased: true`, without `requestId`; the erasure is a change, too',
    section: 'own',
    provenBy: PAGES,
  },
];
