import type { Row } from './row.js';

/** A and B: what only raw bytes can show. */
export const FRAMING: Row[] = [
  {
    number: 'A1',
    request: 'two faults at once',
    answer: 'the one that comes first in the order of checks (docs/architecture.md)',
    section: '§13.2.1, own',
    provenBy: 'test/e2e/order-of-checks.spec.ts',
  },
  {
    number: 'A12',
    request: 'a pipelined request while another of its connection is being answered',
    answer:
      'at most 16 of a connection are under way, none is begun while its answers pile up, and answers that nobody takes ' +
      'count in MAX_ANSWER_BYTES for all connections; every answer comes whole and in order to who reads',
    section: 'RFC 9112 §9.3.2, own',
    provenBy: 'test/e2e/memory.spec.ts, test/e2e/overload.spec.ts',
  },
  {
    number: 'A14',
    request: 'a request for which, or for whose answer, there is no room',
    answer: '503 overloaded with Retry-After, and nothing changes; never on /health',
    section: '§15.6.4, §10.2.3, own',
    provenBy: 'test/e2e/overload.spec.ts',
  },
  {
    number: 'A13',
    request: 'a request of at most 1 MiB, whatever it is made of',
    answer: 'keeps others waiting for no more than 100 ms at once',
    section: 'own',
    provenBy: 'test/e2e/main-thread.spec.ts',
  },
  {
    number: 'B2',
    request:
      'Content-Length and Transfer-Encoding together, a bad or repeated Content-Length, another coding, a bad chunk',
    answer: '400 problem and the connection closes; nothing after it is read as a request',
    section: 'RFC 9112 §6.1, §6.3',
    provenBy: 'test/e2e/smuggling.spec.ts',
  },
  {
    number: 'B8',
    request: 'a request target over 8 KiB',
    answer: '414 problem; past 32 KiB the parser stops, and the connection closes',
    section: '§15.5.15',
    provenBy: 'test/e2e/head-limits.spec.ts',
  },
  {
    number: 'B9',
    request: 'a header block over 16 KiB, or more than 200 fields',
    answer:
      '431 problem that names the field when one has more than half of it, never stored; past 32 KiB the parser ' +
      'stops, and the connection closes',
    section: 'RFC 6585 §5',
    provenBy: 'test/e2e/head-limits.spec.ts',
  },
  {
    number: 'B10',
    request: 'a request whose head does not arrive within HEADERS_TIMEOUT_MS, or all of it within REQUEST_TIMEOUT_MS',
    answer:
      '408 problem, without content where the method is not known yet, and the connection closes; a connection on which ' +
      'nothing was sent is closed in silence after KEEP_ALIVE_TIMEOUT_MS',
    section: '§15.5.9',
    provenBy: 'test/e2e/time-limits.spec.ts',
  },
  {
    number: 'B30',
    request: 'another version of HTTP in the request line',
    answer: '505 problem',
    section: '§15.6.6',
    provenBy: 'test/e2e/message.spec.ts',
  },
  {
    number: 'B31',
    request: 'Content-Type, Authorization or Idempotency-Key twice; # or a raw character outside ASCII in the target',
    answer: '400 problem, where Node would keep one of the pair in silence',
    section: '§5.3, §5.5',
    provenBy: 'test/e2e/message.spec.ts',
  },
  {
    number: 'B32',
    request: 'a broken request behind another one on the same connection',
    answer: 'the first gets its own answer whole, then 400 or 501, and the connection closes',
    section: 'RFC 9112 §9.3.2',
    provenBy: 'test/e2e/message.spec.ts',
  },
  {
    number: 'B35',
    request: 'an offer to go on in another protocol, such as Upgrade: h2c',
    answer:
      'as without it; the connection is kept, unless something stands behind the offer in its last packet or its content is ' +
      'chunked: then the answer says that it closes',
    section: '§7.8, own',
    provenBy: 'test/e2e/upgrade.spec.ts',
  },
];
