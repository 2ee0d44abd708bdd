import { FORM } from '../../../src/http/body/form.js';
import { AS_JSON, type Exchange, type Row } from '../row.js';

const AS_FORM = { 'content-type': FORM };
const ACCEPT_QUERY = { 'accept-query': FORM };

const query = (body: string, more: object = {}): Exchange => ({
  send: 'QUERY /items',
  headers: AS_FORM,
  body,
  status: 200,
  ...more,
});
const refused = (body: string, code: string, more: object = {}): Exchange =>
  query(body, { status: 400, code, ...more });

/** J: QUERY, a GET whose parameters are in the body. */
export const QUERIES: Row[] = [
  {
    number: 'J1',
    request: 'QUERY without Content-Type, with or without a body',
    answer: '400 with Accept-Query',
    section: 'RFC 10008 §2.1',
    exchanges: [
      { ...refused('limit=1', 'missing-content-type', { fields: ACCEPT_QUERY }), headers: {} },
      { send: 'QUERY /items', status: 400, code: 'missing-content-type', fields: ACCEPT_QUERY },
    ],
  },
  {
    number: 'J2',
    request: 'QUERY of another media type or charset than the resource reads',
    answer: '415 with Accept-Query; of another content coding 415 with Accept-Encoding',
    section: 'RFC 10008 §2.1, §3',
    exchanges: [
      query('{"limit":1}', { headers: AS_JSON, status: 415, code: 'unsupported-query-type', fields: ACCEPT_QUERY }),
      query('', { headers: AS_JSON, status: 415, code: 'unsupported-query-type', fields: ACCEPT_QUERY }),
      query('limit=1', {
        headers: { 'content-type': `${FORM}; charset=iso-8859-1` },
        status: 415,
        code: 'unsupported-query-type',
      }),
      query('limit=1', {
        headers: { ...AS_FORM, 'content-encoding': 'br' },
        status: 415,
        code: 'unsupported-content-coding',
        fields: { 'accept-encoding': 'gzip' },
      }),
      query('limit=1', { headers: { 'content-type': `${FORM.toUpperCase()};charset="UTF-8"` } }),
    ],
  },
  {
    number: 'J3',
    request: 'QUERY with a body that is not of its type',
    answer: '400; its type is never guessed',
    section: 'RFC 10008 §2.1',
    exchanges: [
      refused('filter=%FF', 'malformed-form'),
      refused('filter=100%', 'malformed-form'),
      { ...refused('', 'malformed-form'), body: Buffer.from([0x71, 0x3d, 0xff]) },
      refused('{"limit":1}', 'invalid-query', { content: { errors: [{ parameter: '{"limit":1}', rule: 'unknown' }] } }),
    ],
  },
  {
    number: 'J4',
    request: 'QUERY that asks for what there is not, or breaks a rule of a parameter',
    answer: '400 with the codes and errors of GET',
    section: 'RFC 10008 §2.1, own',
    exchanges: [
      refused('colour=red', 'invalid-query', { content: { errors: [{ parameter: 'colour', rule: 'unknown' }] } }),
      refused('limit=1&limit=2', 'invalid-query', { content: { errors: [{ parameter: 'limit', rule: 'repeated' }] } }),
      refused('limit=0', 'invalid-query', { content: { errors: [{ parameter: 'limit', rule: 'integer' }] } }),
      refused('filter=colour==red', 'invalid-filter'),
      refused('cursor=AAAA', 'invalid-cursor'),
    ],
  },
  {
    number: 'J5',
    request: 'QUERY whose Accept excludes JSON',
    answer: '406',
    section: '§15.5.7; RFC 10008 §2.1',
    exchanges: [query('', { headers: { ...AS_FORM, accept: 'text/html' }, status: 406, code: 'not-acceptable' })],
  },
  {
    number: 'J6',
    request: 'QUERY sent again, as after a broken connection',
    answer: 'the same answer: it changes nothing, and needs neither conditions nor a key',
    section: 'RFC 10008 §2',
    exchanges: [
      query('ids={E}', { content: { items: [{ id: '{E}', version: 1 }] } }),
      query('ids={E}', { content: { items: [{ id: '{E}', version: 1 }] } }),
      { send: 'GET /items/{E}', status: 200, content: { version: 1 } },
    ],
  },
  {
    number: 'J7',
    request: 'GET, HEAD and OPTIONS of a resource that offers QUERY, and of one that does not',
    answer: 'Accept-Query with its media type; without the field',
    section: 'RFC 10008 §3',
    exchanges: [
      { send: 'GET /items', status: 200, fields: ACCEPT_QUERY },
      { send: 'HEAD /items', status: 200, fields: ACCEPT_QUERY },
      { send: 'OPTIONS /items', status: 204, fields: ACCEPT_QUERY },
      { send: 'GET /items/{E}', status: 200, fields: { 'accept-query': null } },
      { send: 'OPTIONS /items/{E}', status: 204, fields: { 'accept-query': null } },
    ],
  },
  {
    number: 'J8',
    request: 'QUERY of a resource that does not offer it; another method of one that does',
    answer: '405 with Allow, which has QUERY only where it is offered',
    section: '§15.5.6',
    exchanges: [
      {
        send: 'QUERY /items/{E}',
        headers: AS_FORM,
        body: 'limit=1',
        status: 405,
        code: 'method-not-allowed',
        fields: { allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT' },
      },
      { send: 'QUERY /example', status: 405, code: 'method-not-allowed', fields: { allow: 'GET, HEAD, OPTIONS' } },
      {
        send: 'DELETE /items',
        status: 405,
        code: 'method-not-allowed',
        fields: { allow: 'GET, HEAD, OPTIONS, POST, QUERY' },
      },
    ],
  },
  {
    number: 'J9',
    request: 'QUERY of a page, and GET with the same parameters',
    answer: 'the same body and ETag; a cursor of one is valid for the other; only GET has Link',
    section: 'RFC 10008 §2.4, own',
    provenBy: 'test/e2e/items/query-items.spec.ts',
  },
  {
    number: 'J10',
    request: 'QUERY with conditions',
    answer: 'as GET with the same parameters: 304, 412',
    section: 'RFC 10008 §2.6',
    provenBy: 'test/e2e/items/query-items.spec.ts',
  },
  {
    number: 'J11',
    request: 'QUERY with parameters in its target',
    answer: '400: they are in the body, and nowhere else',
    section: 'own',
    exchanges: [
      {
        ...refused('limit=1', 'invalid-query', { content: { errors: [{ parameter: 'limit', rule: 'unknown' }] } }),
        send: 'QUERY /items?limit=1',
      },
      query('limit=1', { send: 'QUERY /items?' }),
    ],
  },
];
