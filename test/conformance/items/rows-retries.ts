import type { Row } from '../row.js';

const PROVEN_BY = 'test/e2e/http/idempotency-key.spec.ts';

/** M: Idempotency-Key. `draft` is draft-ietf-httpapi-idempotency-key-header-07. */
export const RETRIES: Row[] = [
  {
    number: 'M2',
    request:
      'the same request (method, target, Content-Type, bytes of the body) under the key of one that was carried out',
    answer:
      'the first status, fields and body again, with `Idempotency-Replayed: true`, before 404, 428 and 412; nothing ' +
      'is written',
    section: 'draft §2.6',
    provenBy: PROVEN_BY,
  },
  {
    number: 'M3',
    request: 'another request under the key of one that was carried out or still runs',
    answer: '422, and nothing is written; another spelling of the same target is still the same request',
    section: 'draft §2.7',
    provenBy: PROVEN_BY,
  },
  {
    number: 'M4',
    request: 'the same request under its key while the first still runs',
    answer:
      'in the same process 409 with Retry-After; another process waits for the commit and gives the first answer again',
    section: 'draft §2.6, §2.7',
    provenBy: PROVEN_BY,
  },
  {
    number: 'M5',
    request: 'a key without quotes, or as a string in quotes',
    answer:
      'both are accepted, and are equal; 400 if it is empty, has more than 255 characters, or characters other than ' +
      'visible ASCII',
    section: 'draft §2.1; RFC 9651 §3.3.3',
    provenBy: PROVEN_BY,
  },
  {
    number: 'M6',
    request: 'a request under a key that another caller used or uses',
    answer:
      'is handled by itself, also at the same time: it neither gets the answer of the other caller nor is refused',
    section: 'draft §5',
    provenBy: PROVEN_BY,
  },
  {
    number: 'M7',
    request: 'a request under the key of one that was refused',
    answer: 'is handled as new: a refusal is not remembered',
    section: 'draft §2.6, own',
    provenBy: PROVEN_BY,
  },
  {
    number: 'M8',
    request: 'a request under its key again, after the process ended between write and answer',
    answer: 'the answer that was recorded: key and change are committed together',
    section: 'draft §2.6, own',
    provenBy: 'test/e2e/process/kill.spec.ts',
  },
  {
    number: 'M9',
    request: 'a request under its key after IDEMPOTENCY_TTL_HOURS',
    answer: 'is handled as new; the OpenAPI document states the time',
    section: 'draft §2.3',
    provenBy: PROVEN_BY,
  },
  {
    number: 'M10',
    request: 'a request under a key that was recorded before callers had names',
    answer: 'without a credential the first answer again; of any other caller it is handled as new',
    section: 'draft §5, own',
    provenBy: 'test/e2e/database/migrations.spec.ts',
  },
];
