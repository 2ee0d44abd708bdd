import type { Row } from './row.js';

/** R: rehearsals. */
export const REHEARSAL: Row[] = [
  {
    number: 'R1',
    request: 'Rehearse with the status of a declared answer, and optionally its problem',
    answer: 'that answer, with its header fields and body, `Rehearsed: true` and `Cache-Control: no-store`',
    section: 'RFC 9651 §3.3.1, own',
    provenBy: 'test/e2e/http/rehearsal.spec.ts',
  },
  {
    number: 'R2',
    request: 'any rehearsal of a change',
    answer: 'nothing is carried out or written, and no Idempotency-Key is used up',
    section: 'own',
    provenBy: 'test/e2e/http/rehearsal.spec.ts, test/e2e/http/rehearsed-changes.spec.ts',
  },
  {
    number: 'R3',
    request: 'Rehearse that is not an Integer Item, or asks for an undeclared answer',
    answer: '400 with every declared value; nothing is carried out',
    section: 'RFC 9651 §4.2.3, own',
    provenBy: 'test/e2e/http/rehearsal.spec.ts',
  },
  {
    number: 'R4',
    request: 'a rehearsal with a body, or with Expect: 100-continue',
    answer: 'the answer, without reading the body, which is not taken for a request; no 100',
    section: '§10.1.1; RFC 9112 §9.3, own',
    provenBy: 'test/e2e/http/rehearsal.spec.ts',
  },
  {
    number: 'R5',
    request: 'OPTIONS with Rehearse',
    answer: 'the same 204 as without it',
    section: 'own',
    provenBy: 'test/e2e/http/rehearsal.spec.ts',
  },
  {
    number: 'R6',
    request: 'Rehearse on a service with REHEARSAL=off',
    answer: '400, and nothing is carried out',
    section: 'own',
    provenBy: 'test/e2e/http/rehearsal.spec.ts',
  },
  {
    number: 'R7',
    request: 'Rehearse in a request with `Forwarded`, `Via`, `X-Real-IP` or any `X-Forwarded-…`',
    answer: '400, and nothing is carried out, whatever REHEARSAL is',
    section: 'RFC 7239 §4; RFC 9110 §7.6.3, own',
    provenBy: 'test/e2e/http/rehearsal.spec.ts',
  },
];
