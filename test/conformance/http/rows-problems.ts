import { PROBLEMS } from '../each-kind.js';
import type { Row } from '../row.js';

// Stack frames, statements, drivers and files.
const INSIDES = ['\\n    at ', 'SELECT', 'INSERT', 'SQLITE', 'relation', 'node_modules', '.ts', '.js:', '/src/'];

const AS_PROBLEM = { 'content-type': 'application/problem+json' };

/** K: problems. */
export const PROBLEM_BODIES: Row[] = [
  {
    number: 'K1',
    request: 'a request that any layer refuses',
    answer: 'application/problem+json without a charset',
    section: 'RFC 9457 §3, own',
    exchanges: PROBLEMS.map((exchange) => ({ ...exchange, fields: AS_PROBLEM })),
  },
  {
    number: 'K2',
    request: 'member `status` of a problem',
    answer: 'the status code of the answer',
    section: 'RFC 9457 §3.1.2',
    exchanges: PROBLEMS.map((exchange) => ({ ...exchange, content: { status: exchange.status } })),
  },
  {
    number: 'K3',
    request: 'members `type` and `code` of a problem',
    answer:
      '`/problems/{code}`, absolute only with PUBLIC_URL, one for each cause, with a page behind it; the code in ' +
      'kebab-case',
    section: 'RFC 9457 §3.1.1, §4',
    exchanges: PROBLEMS.map((exchange) => ({
      ...exchange,
      content: { type: `/problems/${exchange.code}`, code: exchange.code },
    })),
  },
  {
    number: 'K5',
    request: 'member `title` of a problem',
    answer: 'the same for every occurrence of the type',
    section: 'RFC 9457 §3.1.3',
    exchanges: [
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found', content: { title: 'Item not found' } },
      { send: 'DELETE /items/other', status: 404, code: 'item-not-found', content: { title: 'Item not found' } },
      { send: 'POST /items', json: {}, status: 400, code: 'invalid-body', content: { title: 'Invalid body' } },
      { send: 'PUT /items/{E}', json: [], status: 400, code: 'invalid-body', content: { title: 'Invalid body' } },
    ],
  },
  {
    number: 'K6',
    request: 'member `detail` of a problem',
    answer: 'says how to correct the request; no stack, SQL or path of a file',
    section: 'RFC 9457 §3.1.4, §5',
    exchanges: [
      ...PROBLEMS.map((exchange) => ({ ...exchange, lacks: INSIDES })),
      {
        send: 'GET /items?limit=500',
        status: 400,
        code: 'invalid-query',
        content: { errors: [{ parameter: 'limit', detail: 'limit must be a whole number from 1 to 200, in digits.' }] },
      },
      {
        send: 'PATCH /items',
        status: 405,
        code: 'method-not-allowed',
        content: { detail: 'This resource does not support PATCH. It supports GET, HEAD, OPTIONS, POST, QUERY.' },
      },
    ],
  },
  {
    number: 'K7',
    request: 'member `instance` of a problem',
    answer: 'absent; `requestId` names the occurrence, as X-Request-Id does',
    section: 'RFC 9457 §3.1.5',
    exchanges: [
      ...PROBLEMS.map((exchange) => ({ ...exchange, lacks: ['"instance"'], holds: ['"requestId"'] })),
      {
        send: 'GET /items/{X}',
        headers: { 'x-request-id': 'occurrence-7' },
        status: 404,
        code: 'item-not-found',
        fields: { 'x-request-id': 'occurrence-7' },
        content: { requestId: 'occurrence-7' },
      },
    ],
  },
  {
    number: 'K8',
    request: 'the members that a problem adds',
    answer: 'their names have a letter, then two or more letters, digits or underscores',
    section: 'RFC 9457 §3.2',
    provenBy: 'test/e2e/contract/conformance.spec.ts',
  },
  {
    number: 'K9',
    request: 'a request that meets an unforeseen error',
    answer: '500 problem with the request id; the cause is only in the log',
    section: '§15.6.1; RFC 9457 §5, own',
    provenBy: 'test/e2e/database/storage-faults.spec.ts',
  },
  {
    number: 'K11',
    request: 'HEAD that is refused',
    answer: 'the header fields of the problem, no body',
    section: '§9.3.2',
    exchanges: [
      { send: 'HEAD /items/{X}', status: 404, fields: AS_PROBLEM, content: '' },
      { send: 'HEAD /nowhere', status: 404, fields: AS_PROBLEM, content: '' },
      { send: 'HEAD /items/%20', status: 400, fields: AS_PROBLEM, content: '' },
      { send: 'HEAD /items?nope=1', status: 400, fields: AS_PROBLEM, content: '' },
    ],
  },
  {
    number: 'K12',
    request: 'names and values that are not Unicode, such as a lone surrogate, in a request that is refused',
    answer: 'a problem whose texts are I-JSON: what is not a character is written as its escape',
    section: 'RFC 9457 §3; RFC 7493 §2.1, own',
    provenBy: 'test/e2e/http/many-faults.spec.ts',
  },
  {
    number: 'K13',
    request: 'a body, a query or a patch with more than 100 faults',
    answer: 'the first 100 in `errors`, and the number of the others in `moreErrors`',
    section: 'RFC 9457 §3.2, own',
    provenBy: 'test/e2e/http/many-faults.spec.ts',
  },
  {
    number: 'K14',
    request: 'a body with more than 20,000 values and member names',
    answer: '400 problem that says how many there are; the body is not parsed, and delays no other request',
    section: 'own',
    provenBy: 'test/e2e/http/many-faults.spec.ts',
  },
];
