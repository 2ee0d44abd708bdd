import { PROBLEMS, SUCCESSES } from './each-kind.js';
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
    number: 'L10',
    request:
      'a request for a host that is not ours (DNS rebinding). Ours are, without access control on loopback, all names of ' +
      'loopback, the host of PUBLIC_URL and ALLOWED_HOSTS; else only ALLOWED_HOSTS, where set',
    answer: '421 problem on every operation but probes; a request without a host is served',
    section: '§7.4, §15.5.20, own',
    provenBy: 'test/e2e/browsers/hosts.spec.ts',
  },
  {
    number: 'L11',
    request: 'a CORS preflight from an origin in CORS_ORIGINS, and from another one',
    answer:
      '204 with the methods of the resource and the fields that its operations read; 204 without any field of CORS',
    section: 'Fetch (CORS protocol), own',
    provenBy: 'test/e2e/browsers/cors.spec.ts',
  },
  {
    number: 'L20',
    request: 'any request while CORS_ORIGINS is set',
    answer: 'Vary names Origin, also if none was sent or the request is refused',
    section: '§12.5.5; Fetch (CORS protocol and HTTP caches)',
    provenBy: 'test/e2e/browsers/cors.spec.ts',
  },
  {
    number: 'L21',
    request: 'a request from an origin in CORS_ORIGINS',
    answer:
      'Access-Control-Allow-Origin with that origin, and every declared field exposed, in problems too; never *, never ' +
      'Access-Control-Allow-Credentials',
    section: 'Fetch (CORS protocol), own',
    provenBy: 'test/e2e/browsers/cors.spec.ts',
  },
  {
    number: 'L22',
    request: 'any request',
    answer: 'X-Content-Type-Options: nosniff',
    section: 'Fetch (X-Content-Type-Options), own',
    exchanges: [...SUCCESSES, ...PROBLEMS].map((exchange) => ({
      ...exchange,
      fields: { ...exchange.fields, 'x-content-type-options': 'nosniff' },
    })),
  },
  {
    number: 'L23',
    request: 'GET of a page',
    answer:
      'a Content-Security-Policy that allows nothing but its own parts, and no frames; Referrer-Policy: no-referrer',
    section: 'CSP3; Referrer Policy, own',
    exchanges: ['/docs', '/problems', '/problems/unexpected', '/status-codes'].map((path) => ({
      send: `GET ${path}`,
      headers: { accept: 'text/html' },
      status: 200,
      fields: {
        'content-security-policy':
          /^default-src 'none'; .*base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
        'referrer-policy': 'no-referrer',
      },
    })),
  },
  {
    number: 'L70',
    request: 'a request that follows on a connection on which one was refused for want of room',
    answer: 'is read after a second, or sooner if there is room: as after a refusal for want of a place',
    section: 'own',
    provenBy: 'test/e2e/load/overload.spec.ts',
  },
  {
    number: 'L71',
    request: 'a refused credential after the time that Retry-After of a 429 for refused credentials said',
    answer: '401 again; 429 until then',
    section: '§10.2.3; RFC 6585 §4',
    provenBy: 'test/e2e/load/rate-limits.spec.ts',
  },
  {
    number: 'L72',
    request: 'a request with Expect: 100-continue that is refused with 503 overloaded',
    answer: '503 without 100, and the connection closes',
    section: '§10.1.1',
    provenBy: 'test/e2e/load/overload.spec.ts',
  },
  {
    number: 'L73',
    request: 'a request that is refused with 503 overloaded while none of those that wait is answered',
    answer: 'Retry-After grows, up to the longest time that those can wait',
    section: '§10.2.3, own',
    provenBy: 'test/e2e/load/max-waiting.spec.ts',
  },
  {
    number: 'P1',
    request: 'any request while the service stops',
    answer:
      'during DRAIN_DELAY_MS as usual, but with Connection: close, and 503 to readiness; then 503 with Retry-After and Connection: close, on ' +
      'new connections too, while running requests are answered; liveness is 200',
    section: '§15.6.4; RFC 9112 §9.6',
    provenBy: 'test/e2e/process/drain.spec.ts',
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
  {
    number: 'P65',
    request:
      'changes and reads of an older build after a newer one has expanded the schema, and after its own next start',
    answer:
      'what the older build would have answered before; the newer build answers about them as the older one, repeats under keys included',
    section: 'own',
    provenBy: 'test/e2e/database/older-build.spec.ts',
  },
  {
    number: 'P66',
    request: 'any request that needs the database, while the network loses all packets to its host',
    answer:
      '503 `storage-unavailable` with Retry-After in DATABASE_TIMEOUT_MS, lists and the feed in QUERY_TIMEOUT_MS more; liveness 200; all work again over new connections',
    section: '§15.6.4, own',
    engine: 'postgres',
    provenBy: 'test/e2e/database/silent-host.spec.ts',
  },
  {
    number: 'P67',
    request: 'requests during a failover to a standby that takes no changes for a while',
    answer:
      'reads 200, changes 503; 503 `outcome-unknown` to a change that the old primary may yet make, 503 to a position of the feed that the standby has not come to; after the promotion changes work, nothing acknowledged is lost or made twice',
    section: '§15.6.4, own',
    engine: 'postgres',
    provenBy: 'test/e2e/database/failover.spec.ts',
  },
  {
    number: 'P68',
    request: 'a list, another read, a long poll or a batch whose connection to the database is cut',
    answer:
      'reads and long polls 503 `storage-unavailable`, the next 200; a batch its answer, each operation made once',
    section: '§15.6.4, own',
    engine: 'postgres',
    provenBy: 'test/e2e/database/lost-connections.spec.ts',
  },
  {
    number: 'P69',
    request: 'requests after the clock was set back or ahead by a day',
    answer:
      'versions, positions and cursors go on rising, and the times of an item never fall; keys and repeats hold; Retry-After is no longer than the window',
    section: 'own',
    provenBy: 'test/e2e/items/set-clock.spec.ts',
  },
  {
    number: 'P21',
    request: 'GET of readiness',
    answer:
      '200 with what the database allows, whether its schema is of a newer release, and whether the disk of a file is nearly full; found once a second at most',
    section: 'own',
    provenBy: 'test/e2e/database/readiness.spec.ts',
  },
  {
    number: 'P60',
    request: 'any request while changes can’t be written to the SQLite file: its file system is read-only or fails',
    answer:
      'changes 503 `storage-unavailable`, reads 200; readiness 200 with `read-only` and a warning, and it finds out by itself when changes can be written again',
    section: '§15.6.4, own',
    engine: 'sqlite',
    provenBy: 'test/e2e/database/readiness.spec.ts',
  },
  {
    number: 'P61',
    request: 'any request while somebody reads the SQLite file for so long that its write-ahead log can’t be emptied',
    answer:
      'as always; lists wait until those that run have ended if that keeps the log from being emptied; beyond 64 MiB readiness is 200 with a warning and the size',
    section: 'own',
    engine: 'sqlite',
    provenBy: 'test/e2e/machine/long-readers.spec.ts',
  },
  {
    number: 'P62',
    request: 'any request while the process may not open more files',
    answer:
      'as always on connections that are there, for which files of the database are kept; new connections are closed before anything is read; if even the database gets no file, 503 `storage-unavailable`',
    section: '§15.6.4, own',
    provenBy: 'test/e2e/machine/file-descriptors.spec.ts',
  },
  {
    number: 'P63',
    request: 'a request that needs a part of the database which is damaged on the disk',
    answer: '500 `storage-damaged`, nothing is changed; reads of the rest go on',
    section: '§15.6.1, own',
    provenBy: 'test/e2e/machine/damaged-files.spec.ts',
  },
  {
    number: 'P79',
    request: 'a change after a damaged part of the SQLite file was met',
    answer:
      '500 `storage-damaged` until the service is started on a sound file; reads of the rest go on; readiness 200 with `damaged` and a warning',
    section: '§15.6.1, own',
    engine: 'sqlite',
    provenBy: 'test/e2e/machine/damaged-files.spec.ts',
  },
  {
    number: 'P64',
    request: 'any request while the reader of the log stands still or has gone, or the disk of the log is full',
    answer:
      'as always; lines that can’t be written are dropped and counted, and the log says how many once it can be written again',
    section: 'own',
    provenBy: 'test/e2e/machine/unread-log.spec.ts',
  },
];
