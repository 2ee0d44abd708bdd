import { AS_JSON, type Row } from '../row.js';

const BATCH = 'test/e2e/batch/batch.spec.ts';
const KEYS = 'test/e2e/batch/batch-keys.spec.ts';
const PROCESSES = 'test/e2e/process/batches.spec.ts';

/** N: batches. */
export const BATCHES: Row[] = [
  {
    number: 'N1',
    request: 'an atomic batch whose operations can all be carried out',
    answer: '200 with the status, header fields and body of each, in their order',
    section: 'RFC 9205 §4.6',
    provenBy: BATCH,
  },
  {
    number: 'N2',
    request: 'an atomic batch one of whose operations is refused',
    answer:
      'the status and problem of the first, with a JSON Pointer to the operation; nothing is written. What is refused whatever the ' +
      'state of the items is comes first',
    section: 'own',
    provenBy: BATCH,
  },
  {
    number: 'N3',
    request: 'a batch that is not atomic',
    answer:
      '207 with the exact status, and the item or problem, of each operation; each is carried out or refused by itself',
    section: 'RFC 4918 §13; RFC 9205 §4.6',
    provenBy: BATCH,
  },
  {
    number: 'N4',
    request: 'random operations in batches, and the same as requests alone on another database',
    answer: 'the same statuses, header fields, items, problems and histories; only pointers and positions differ',
    section: 'own',
    provenBy: 'test/e2e/batch/single-requests.spec.ts',
  },
  {
    number: 'N5',
    request: 'a batch of more than 500 operations, 2 MiB or 100,000 values',
    answer:
      '400 that names the limit, for the bytes 413. An operation that is beyond the limits of a request gets what that would get',
    section: '15.5.14',
    provenBy: BATCH,
  },
  {
    number: 'N6',
    request: 'an operation with ifMatch or ifNoneMatch',
    answer: 'the condition is judged for this operation, on what those before it left: 412 if it is false',
    section: '13.1, own',
    provenBy: BATCH,
  },
  {
    number: 'N7',
    request: 'a batch with several operations on one id',
    answer: 'they act in their order, and each sees what those before it did',
    section: 'own',
    provenBy: BATCH,
  },
  {
    number: 'N20',
    request:
      'a batch of another form: atomic or operations missing, an unknown member, another method, no id, another id than that of the body',
    answer: '400 for the whole, with a JSON Pointer to each fault; nothing is done',
    section: '15.5.1',
    provenBy: BATCH,
  },
  {
    number: 'N21',
    request: 'a batch with `Prefer: return=minimal`',
    answer: 'results without items, each as that of the request alone; problems are there',
    section: 'RFC 7240 §4.2',
    provenBy: BATCH,
  },
  {
    number: 'N22',
    request: 'a batch with a condition in the header',
    answer: '`If-Match` is 412, since `/batch` has no representation; `If-None-Match` holds',
    section: '13.1.1, 13.1.2',
    provenBy: BATCH,
  },
  {
    number: 'N23',
    request: 'an atomic batch again under its Idempotency-Key',
    answer: 'all first answers again, in their order, with `Idempotency-Replayed: true`; nothing is written',
    section: 'draft §2.6',
    provenBy: KEYS,
  },
  {
    number: 'N24',
    request:
      'an operation under the idempotencyKey of one, or under the Idempotency-Key of a request, that was carried out',
    answer:
      'the first answer again, marked in the headers of its result, also within one batch; the others are carried out',
    section: 'draft §2.6, own',
    provenBy: KEYS,
  },
  {
    number: 'N25',
    request: 'an independent batch with Idempotency-Key, or an atomic one with an idempotencyKey',
    answer: '400, and nothing is done',
    section: 'own',
    provenBy: KEYS,
  },
  {
    number: 'N26',
    request: 'a batch where requests are limited',
    answer: 'it counts as many writes as it has operations: 429 if not all are left, and nothing is done',
    section: 'RFC 6585 §4',
    provenBy: BATCH,
  },
  {
    number: 'N27',
    request: 'an atomic batch again under its key, after the process was killed between commit and answer',
    answer: 'the answers of the first; it was carried out once',
    section: 'draft §2.6, own',
    provenBy: PROCESSES,
  },
  {
    number: 'N28',
    request: 'a batch with data that the database refuses',
    answer: '500 for that operation, or for the whole if it is atomic; requests beside it are carried out',
    section: '15.6.1, own',
    provenBy: BATCH,
  },
  {
    number: 'N29',
    request: 'atomic batches and single requests on the same items, sent to two processes',
    answer: 'each batch is carried out between two changes of others, or refused as a whole',
    section: '13.2.2, own',
    provenBy: PROCESSES,
  },
  {
    number: 'N30',
    request: 'a batch whose body is no JSON object',
    answer: '400 `invalid-body`',
    section: '15.5.1',
    exchanges: [{ send: 'POST /batch', headers: AS_JSON, body: '[]', status: 400, code: 'invalid-body' }],
  },
  {
    number: 'N31',
    request:
      'an atomic batch again under its key, after versions that it made were replaced for longer than the retention',
    answer: 'its first answers: no version is trimmed that a record which counts points at',
    section: 'own',
    provenBy: KEYS,
  },
  {
    number: 'N32',
    request: 'a batch again under its key, after one of its items was erased',
    answer: '410 for the whole if it is atomic, else in the result of that operation',
    section: '15.5.11, own',
    provenBy: KEYS,
  },
  {
    number: 'N33',
    request: 'a batch while the database is busy, full or gone',
    answer:
      '503 or 507 for the whole if it is atomic, else 207 with it for each operation that was tried, with Retry-After',
    section: 'RFC 4918 §13; 15.6.4',
    provenBy: BATCH,
  },
  {
    number: 'N34',
    request: 'a batch with atomic, operations or a member of an operation twice',
    answer: 'the last one counts, as in items',
    section: 'RFC 8259 §4, own',
    provenBy: BATCH,
  },
  {
    number: 'N35',
    request: 'a batch of more operations than a whole window of its quota allows',
    answer: '429 `quota-too-small`, not retryable, without Retry-After',
    section: 'RFC 6585 §4, own',
    provenBy: BATCH,
  },
];
