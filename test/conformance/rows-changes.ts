import type { Row } from './row.js';

const PAGES = 'test/e2e/changes/pages.spec.ts';
const POLLS = 'test/e2e/changes/long-poll.spec.ts';
const STREAMS = 'test/e2e/changes/event-stream.spec.ts';
const ERASURE = 'test/e2e/changes/erasure.spec.ts';
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
    answer:
      '200 with `item: null` and `erased: true`, without `requestId`, from any process as soon as the erasure was answered, with `wait` and as events, too; the erasure is a change, too',
    section: 'own',
    provenBy: `${PAGES}, ${STREAMS}, ${ERASURE}`,
  },
  {
    number: 'Q11',
    request: 'GET of the changes with `wait`, behind the newest one',
    answer: '200 as soon as there is one; with none, and the same position, when the time is over',
    section: 'own',
    provenBy: POLLS,
  },
  {
    number: 'Q12',
    request: 'the same while another process makes changes, or many wait',
    answer: '200, too; one query of the database serves all who wait',
    section: 'own',
    provenBy: POLLS,
  },
  {
    number: 'Q13',
    request: 'GET of the changes with `wait`, or as events, while MAX_FOLLOWERS others do so',
    answer: '503 with Retry-After; pages without `wait` go on',
    section: '§15.6.4, §10.2.3',
    provenBy: POLLS,
  },
  {
    number: 'Q14',
    request: 'another request behind one that waits, on its connection',
    answer: 'the first ends at once, so that the second is answered',
    section: 'RFC 9112 §9.3.2, own',
    provenBy: `${POLLS}, ${STREAMS}`,
  },
  {
    number: 'Q15',
    request: 'GET of the changes with Accept: text/event-stream',
    answer:
      '200 with an event for each change, kept and coming ones: `id` is the position, `event` the operation, `data` the change as the page has it',
    section: 'HTML, "Server-sent events", §9.2',
    provenBy: STREAMS,
  },
  {
    number: 'Q16',
    request: 'the same while nothing happens',
    answer:
      '`retry` and the position first; a comment every 15 s, with the position behind changes that were not wanted',
    section: 'HTML, "Server-sent events", §9.2.6, §9.2.7',
    provenBy: STREAMS,
  },
  {
    number: 'Q17',
    request: 'the same with a position that is gone, or other weights in Accept',
    answer: '410 instead of a stream; JSON or events, whichever weighs more, JSON if it does not matter',
    section: '§12.5.1, §15.5.11',
    provenBy: STREAMS,
  },
  {
    number: 'Q18',
    request: 'the same from a client that does not read',
    answer: 'its connection is reset beyond 256 KiB, or after five times ANSWER_TIMEOUT_MS; all others get everything',
    section: 'own',
    provenBy: STREAMS,
  },
  {
    number: 'Q19',
    request: 'HEAD with Accept: text/event-stream',
    answer: '200 without body and Content-Length; nothing stays open',
    section: '§9.3.2',
    provenBy: STREAMS,
  },
  {
    number: 'Q20',
    request: 'long polls and streams when the service stops',
    answer: 'they end at once, as they end otherwise',
    section: 'own',
    provenBy: `${POLLS}, ${STREAMS}`,
  },
  {
    number: 'Q21',
    request: 'a stream whose credential was revoked, or has expired',
    answer: 'it ends within 10 s; the next request is 401',
    section: '§15.5.2, own',
    provenBy: STREAMS,
  },
  {
    number: 'Q22',
    request: 'GET of a long history as events',
    answer: '200 with all of it, as fast as the client reads',
    section: 'own',
    provenBy: STREAMS,
  },
  {
    number: 'Q23',
    request: 'GET of the changes while a transaction of another process is about to commit',
    answer: 'no reader passes it: changes after it wait for it, and come behind it',
    section: 'own',
    engine: 'postgres',
    provenBy: 'test/e2e/changes/late-commits.spec.ts',
  },
  {
    number: 'Q24',
    request: 'long polls and streams of a process that is killed again and again while others write',
    answer: 'together their answers have each change once, in the same order',
    section: 'own',
    provenBy: 'test/e2e/changes/kills.spec.ts',
  },
  {
    number: 'Q25',
    request: 'the same from a client that reads slowly',
    answer: 'it stays connected as long as it reads something in five times ANSWER_TIMEOUT_MS',
    section: 'own',
    provenBy: STREAMS,
  },
  {
    number: 'Q26',
    request: 'a long poll after the answer to an erasure, while the query runs that has seen the content',
    answer: '200 without the content, whichever process erased it',
    section: 'own',
    engine: 'postgres',
    provenBy: 'test/e2e/changes/erasure.spec.ts',
  },
];
