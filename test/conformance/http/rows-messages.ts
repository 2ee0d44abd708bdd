import { PROBLEMS, SUCCESSES } from '../each-kind.js';
import { AS_JSON, type Exchange, type Row } from '../row.js';

const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const BAD_IDS = ['a'.repeat(129), '%01', '%20', '-bolt', 'bolt%2Fm8', '%C3%A9'];

const badIdEverywhere: Exchange[] = BAD_IDS.flatMap((id): Exchange[] => [
  ...['GET', 'DELETE', 'OPTIONS'].map((method) => ({
    send: `${method} /items/${id}`,
    status: 400,
    code: 'invalid-path',
  })),
  { send: `PUT /items/${id}`, json: { name: 'New' }, status: 400, code: 'invalid-path' },
  { send: `HEAD /items/${id}`, status: 400 },
  { send: `POST /items/${id}`, json: { name: 'New' }, status: 405, code: 'method-not-allowed' },
]);

/** B: the message as a whole. */
export const MESSAGES: Row[] = [
  {
    number: 'B1',
    request: 'HTTP/1.1 without Host, with two, or with one that is not a host',
    answer: '400 problem',
    section: 'RFC 9112 §3.2',
    provenBy: 'test/e2e/contract/conformance.spec.ts',
  },
  {
    number: 'B11',
    request: 'a path whose percent-encoding is broken or not UTF-8',
    answer: '400 problem',
    section: '§15.5.1',
    exchanges: ['/items/%E0%A4%A', '/items/%', '/items/%FF', '/%zz'].map((path) => ({
      send: `GET ${path}`,
      status: 400,
      code: 'malformed-request',
    })),
  },
  {
    number: 'B12',
    request: 'an id that breaks the grammar: 129 characters, a control character, a space …',
    answer: '400 on every method that the item offers, 405 on the others',
    section: '§15.5.1, own',
    exchanges: badIdEverywhere,
  },
  {
    number: 'B13',
    request: 'Expect: 100-continue with a head that is refused',
    answer: 'the final status at once, no 100',
    section: '§10.1.1',
    provenBy: 'test/e2e/contract/conformance.spec.ts',
  },
  {
    number: 'B14',
    request: 'Expect with anything but 100-continue',
    answer: '417 problem; nothing written',
    section: '§10.1.1, §15.5.18',
    exchanges: [
      {
        send: 'PUT /items/{X}',
        headers: { expect: 'something-else' },
        json: { name: 'New' },
        status: 417,
        code: 'expectation-failed',
      },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
      { send: 'GET /items/{E}', headers: { expect: '200-ok' }, status: 417, code: 'expectation-failed' },
    ],
  },
  {
    number: 'B15',
    request: 'HEAD where GET is offered',
    answer: 'the status and header fields of GET, no body',
    section: '§9.3.2',
    provenBy: 'test/e2e/contract/every-operation.spec.ts',
  },
  {
    number: 'B16',
    request: 'Content-Length in answer to HEAD',
    answer: 'that of GET, or none',
    section: '§8.6',
    provenBy: 'test/e2e/contract/every-operation.spec.ts',
  },
  {
    number: 'B17',
    request: 'HEAD of an item that does not exist',
    answer: '404 with the header fields of the problem, no body',
    section: '§9.3.2',
    exchanges: [
      { send: 'HEAD /items/{X}', status: 404, fields: { 'content-type': 'application/problem+json' }, content: '' },
    ],
  },
  {
    number: 'B21',
    request: 'GET or HEAD with a body',
    answer: '400 problem; Content-Length: 0 and an empty chunked body count as no body',
    section: '§9.3.1; RFC 9112 §7.1',
    exchanges: [
      { send: 'GET /items/{E}', json: {}, status: 400, code: 'unexpected-content' },
      {
        send: 'GET /items',
        headers: { 'content-type': 'text/plain' },
        body: 'x',
        status: 400,
        code: 'unexpected-content',
      },
      { send: 'HEAD /items/{E}', json: {}, status: 400, content: '' },
      { send: 'GET /items/{E}', headers: { 'content-length': '0' }, status: 200 },
      ...['GET', 'HEAD'].map((method) => ({
        send: `${method} /items/{E}`,
        headers: { 'transfer-encoding': 'chunked' },
        status: 200,
      })),
    ],
  },
  {
    number: 'B22',
    request: 'DELETE with a body',
    answer: '400 problem, nothing deleted; a Content-Type alone, Content-Length: 0 or an empty chunked body is fine',
    section: '§9.3.5, own',
    exchanges: [
      { send: 'DELETE /items/{E}', json: {}, status: 400, code: 'unexpected-content' },
      { send: 'GET /items/{E}', status: 200, content: { version: 1 } },
      { send: 'DELETE /items/{E}', headers: AS_JSON, status: 204 },
      { send: 'PUT /items/{X}', json: { name: 'New' }, status: 201 },
      { send: 'DELETE /items/{X}', headers: { 'content-length': '0' }, status: 204 },
      { send: 'PUT /items/{X}', json: { name: 'New' }, status: 201 },
      { send: 'DELETE /items/{X}', headers: { 'transfer-encoding': 'chunked' }, status: 204 },
    ],
  },
  {
    number: 'B23',
    request: 'any request',
    answer: 'Date in the answer',
    section: '§6.6.1',
    exchanges: [...SUCCESSES, ...PROBLEMS].map((exchange) => ({ ...exchange, fields: { date: DATE } })),
  },
  {
    number: 'B24',
    request: 'any request whose answer has a body',
    answer: 'Content-Type',
    section: '§8.3',
    exchanges: [
      ...[...SUCCESSES, ...PROBLEMS].map((exchange) => ({
        ...exchange,
        fields: { 'content-type': exchange.status === 204 ? null : /^application\/(problem\+)?json/ },
      })),
      { send: 'GET /docs', status: 200, fields: { 'content-type': 'text/html; charset=utf-8' } },
    ],
  },
  {
    number: 'B25',
    request: 'any request that is answered 204',
    answer: 'no body and no Content-Length',
    section: '§8.6, §15.3.5',
    exchanges: [
      { send: 'DELETE /items/{E}', status: 204, fields: { 'content-length': null, 'content-type': null }, content: '' },
      { send: 'OPTIONS /items', status: 204, fields: { 'content-length': null }, content: '' },
    ],
  },
  {
    number: 'B26',
    request: 'GET with Range',
    answer: '200 with the whole representation',
    section: '§14.2, §14.3',
    exchanges: ['bytes=0-3', 'items=0-9', 'bytes=9999999-'].map((range) => ({
      send: 'GET /items/{E}',
      headers: { range },
      status: 200,
      fields: { 'content-range': null },
      content: { id: '{E}', version: 1 },
    })),
  },
  {
    number: 'B27',
    request: 'PUT with Content-Range',
    answer: '400 problem, nothing changed',
    section: '§14.5',
    exchanges: [
      {
        send: 'PUT /items/{E}',
        headers: { 'content-range': 'bytes 0-14/30' },
        json: { name: 'Part' },
        status: 400,
        code: 'malformed-request',
      },
      { send: 'GET /items/{E}', status: 200, content: { version: 1 } },
    ],
  },
  {
    number: 'B28',
    request: 'any request',
    answer: 'a registered status code in its registered meaning; a linter checks this in the answers of every test',
    section: 'RFC 9205 §4.6',
    exchanges: [...SUCCESSES, ...PROBLEMS],
  },
  {
    number: 'B33',
    request: 'Expect: 100-continue with a head that is refused',
    answer: 'Connection: close; the body is never read as a request',
    section: '§10.1.1',
    provenBy: 'test/e2e/contract/conformance.spec.ts',
  },
];
