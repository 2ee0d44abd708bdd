import type { Row } from './row.js';

const NEW_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** L and P: what holds for the service as a whole. */
export const SERVICE: Row[] = [
  {
    number: 'L9',
    request: 'a request that is answered 503',
    answer: 'Retry-After in whole seconds',
    section: '§10.2.3',
    provenBy: 'test/e2e/database/storage-faults.spec.ts',
  },
  {
    number: 'P2',
    request: 'any request while the database is down',
    answer: '503 problem if the database is needed, readiness included; liveness stays 200',
    section: '§15.6.4, own',
    provenBy: 'test/e2e/database/storage-faults.spec.ts',
  },
  {
    number: 'P3',
    request: 'a change that meets a conflict with another process, a deadlock or a busy database',
    answer:
      'a conflict is decided again under the lock, a busy timeout is waited for only once; then 503 with Retry-After',
    section: '§15.6.4, own',
    provenBy: 'test/e2e/database/writer.spec.ts',
  },
  {
    number: 'P9',
    request: 'X-Request-Id',
    answer: 'comes back if it is 1 to 128 of `A-Z a-z 0-9 . _ -`; otherwise the answer has a new one',
    section: 'own',
    exchanges: [
      ...['a', 'Trace.id_1-2', 'x'.repeat(128)].map((id) => ({
        send: 'GET /example',
        headers: { 'x-request-id': id },
        status: 200,
        fields: { 'x-request-id': id },
      })),
      ...['x'.repeat(129), 'a b', 'a;b', 'caf\u00e9'].map((id) => ({
        send: 'GET /example',
        headers: { 'x-request-id': id },
        status: 200,
        fields: { 'x-request-id': NEW_ID },
      })),
      { send: 'GET /example', status: 200, fields: { 'x-request-id': NEW_ID } },
      {
        send: 'DELETE /items/{E}',
        headers: { 'x-request-id': 'mine' },
        status: 204,
        fields: { 'x-request-id': 'mine' },
      },
    ],
  },
  {
    number: 'P10',
    request: 'GET /openapi.json',
    answer:
      'for each operation every status that the service can answer, and `default`, with the note that proxies may ' +
      'add others and that unknown codes are read as x00',
    section: '§15; RFC 9205 §4.6, own',
    provenBy: 'test/e2e/reference/docs.spec.ts',
  },
  {
    number: 'P15',
    request: 'any request while the service starts: it listens, but its database is not open and up to date yet',
    answer: '503 `starting` with Retry-After, readiness included; liveness is 200',
    section: '§15.6.4, own',
    provenBy: 'test/e2e/process/start.spec.ts',
  },
  {
    number: 'P16',
    request: 'a change after the open database file was moved, deleted or replaced',
    answer:
      '503 `outcome-unknown` if it was committed, 503 `storage-unavailable` for later ones, which are not made; ' +
      'readiness is 503; everything works again once the file is back',
    section: '§15.6.4, own',
    engine: 'sqlite',
    provenBy: 'test/e2e/database/lost-files.spec.ts',
  },
  {
    number: 'P17',
    request: 'any request while the database is read-only, as on a standby',
    answer: 'reads 200, changes 503; readiness 200 with `read-only`; changes work once the database takes them',
    section: '§15.6.4, own',
    engine: 'postgres',
    provenBy: 'test/e2e/database/database-fitness.spec.ts',
  },
  {
    number: 'P18',
    request: 'a change after a newer release has migrated the database without allowing this one',
    answer: '503, nothing is changed; readiness is 503, reads still work',
    section: '§15.6.4, own',
    provenBy: 'test/e2e/database/migrations.spec.ts',
  },
];
