import type { Row } from '../row.js';

/** A and B: what only raw bytes can show. */
export const FRAMING: Row[] = [
  {
    number: 'A1',
    request: 'two faults at once',
    answer: 'the one that comes first in the order of checks (docs/architecture.md)',
    section: '§13.2.1, own',
    provenBy: 'test/e2e/http/order-of-checks.spec.ts, test/e2e/http/order-before-database.spec.ts',
  },
  {
    number: 'A12',
    request: 'a pipelined request while another one on its connection is being answered',
    answer:
      'at most 16 requests of a connection run at once, none begins while its answers pile up, and unread answers of ' +
      'all connections count in MAX_ANSWER_BYTES; a client that reads gets every answer whole and in order',
    section: 'RFC 9112 §9.3.2, own',
    provenBy: 'test/e2e/load/memory.spec.ts, test/e2e/load/overload.spec.ts',
  },
  {
    number: 'A14',
    request: 'a request when there is no memory left for it or for its answer',
    answer: '503 overloaded with Retry-After, and nothing changes; never on /health',
    section: '§15.6.4, §10.2.3, own',
    provenBy: 'test/e2e/load/overload.spec.ts',
  },
  {
    number: 'A15',
    request: 'a request while MAX_WAITING others wait for their answers',
    answer:
      '503 overloaded with Retry-After, and nothing changes; never on /health; those that wait are answered. A client ' +
      'that sends or reads too slowly loses its place',
    section: '§15.6.4, §10.2.3, own',
    provenBy: 'test/e2e/load/max-waiting.spec.ts',
  },
  {
    number: 'A16',
    request: 'more than 16 requests in one turn of an event loop that stays later than MAX_EVENT_LOOP_DELAY_MS',
    answer: '503 overloaded with Retry-After to all but 16; never on /health',
    section: '§15.6.4, §10.2.3, own',
    provenBy: 'test/e2e/load/loop-delay.spec.ts',
  },
  {
    number: 'A13',
    request: 'any request of at most 1 MiB',
    answer: 'makes others wait for at most 100 ms at a time',
    section: 'own',
    provenBy: 'test/e2e/load/main-thread.spec.ts',
  },
  {
    number: 'B2',
    request:
      'Content-Length and Transfer-Encoding together, a bad or repeated Content-Length, another coding, a bad chunk',
    answer: '400 problem and the connection closes; nothing after it is read as a request',
    section: 'RFC 9112 §6.1, §6.3',
    provenBy: 'test/e2e/wire/smuggling.spec.ts',
  },
  {
    number: 'B8',
    request: 'a request target over 8 KiB',
    answer: '414 problem; past 32 KiB the parser stops, and the connection closes',
    section: '§15.5.15',
    provenBy: 'test/e2e/wire/head-limits.spec.ts',
  },
  {
    number: 'B9',
    request: 'a header block over 16 KiB, or more than 200 fields',
    answer:
      '431 problem, never stored, that names the field if one has more than half of the block; past 32 KiB the ' +
      'parser stops, and the connection closes',
    section: 'RFC 6585 §5',
    provenBy: 'test/e2e/wire/head-limits.spec.ts',
  },
  {
    number: 'B10',
    request: 'a request whose head does not arrive within HEADERS_TIMEOUT_MS, or all of it within REQUEST_TIMEOUT_MS',
    answer:
      '408 problem, without a body if the method is not known yet, and the connection closes; a connection on which ' +
      'nothing was sent is closed without an answer after KEEP_ALIVE_TIMEOUT_MS',
    section: '§15.5.9',
    provenBy: 'test/e2e/wire/time-limits.spec.ts',
  },
  {
    number: 'B30',
    request: 'another version of HTTP in the request line',
    answer: '505 problem',
    section: '§15.6.6',
    provenBy: 'test/e2e/wire/message.spec.ts',
  },
  {
    number: 'B31',
    request: 'Content-Type, Authorization or Idempotency-Key twice; # or a raw character outside ASCII in the target',
    answer: '400 problem; Node would silently keep one of the two',
    section: '§5.3, §5.5',
    provenBy: 'test/e2e/wire/message.spec.ts',
  },
  {
    number: 'B32',
    request: 'a broken request after another one on the same connection',
    answer: 'the first gets its whole answer, then 400 or 501, and the connection closes',
    section: 'RFC 9112 §9.3.2',
    provenBy: 'test/e2e/wire/message.spec.ts',
  },
  {
    number: 'B35',
    request: 'an offer of another protocol, such as Upgrade: h2c',
    answer:
      'the same as without it; the connection is kept, unless more bytes follow the offer in its last packet or its ' +
      'body is chunked: then the answer says that the connection closes',
    section: '§7.8, own',
    provenBy: 'test/e2e/wire/upgrade.spec.ts',
  },
];
