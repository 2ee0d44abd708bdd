import { encodeCursor } from '../../../src/http/fields/cursor.js';
import type { Exchange, Row } from '../row.js';

/** The cursor after an id. */
const after = (id: string) => encodeCursor('items', id);

const invalidQuery = (target: string, parameter: string, rule: string): Exchange => ({
  send: `GET ${target}`,
  status: 400,
  code: 'invalid-query',
  content: { errors: [{ parameter, rule }] },
});

const BAD_LIMITS = ['0', '-1', 'ten', '201', '', '1.5', '1e1', '%2010'];

/** I: lists and pages. */
export const LISTS: Row[] = [
  {
    number: 'I1',
    request: 'GET of an empty list',
    answer: '200 with an empty list',
    section: '§15.3.1, own',
    exchanges: [{ send: `GET /items?cursor=${after('zzzz')}`, status: 200, content: { items: [], next: null } }],
  },
  {
    number: 'I2',
    request: 'GET of a page',
    answer:
      'Link with rel=next and rel=first: relative references that keep the query parameters, absolute only with ' +
      'PUBLIC_URL, and never made from Host',
    section: 'RFC 8288 §3',
    exchanges: [
      { send: 'PUT /items/{X}', json: { name: 'A second item' }, status: 201 },
      {
        send: 'GET /items?limit=1',
        headers: { host: 'elsewhere.localhost' },
        status: 200,
        fields: { link: /^<\/items\?limit=1&cursor=[\w-]+>; rel="next", <\/items\?limit=1>; rel="first"$/ },
      },
    ],
  },
  {
    number: 'I3',
    request: 'GET of the last page',
    answer: '`next` is null, and Link has no rel=next',
    section: 'RFC 8288 §3, own',
    exchanges: [
      { send: 'PUT /items/zz-last', json: { name: 'The last' }, status: 201 },
      {
        send: `GET /items?limit=1&cursor=${after('zz-l')}`,
        status: 200,
        fields: { link: '</items?limit=1>; rel="first"' },
        content: { items: [{ id: 'zz-last' }], next: null },
      },
    ],
  },
  {
    number: 'I4',
    request: 'a walk over all pages while others create and delete',
    answer: 'every item that stayed comes exactly once',
    section: 'own',
    provenBy: 'test/e2e/contract/conformance.spec.ts',
  },
  {
    number: 'I5',
    request: 'a query parameter that the operation does not have',
    answer: '400 problem that names it and the ones that exist; on /health/live and /health/ready any query is ignored',
    section: '§15.5.1, own',
    exchanges: [
      {
        ...invalidQuery('/items?nope=1', 'nope', 'unknown'),
        holds: ['only the query parameters limit, cursor.'],
      },
      { ...invalidQuery('/items/{E}?a', 'a', 'unknown'), holds: ['This operation takes no query parameters.'] },
      ...['/health/live', '/health/ready'].flatMap((path) =>
        ['?', '?probe=1', '?a=1&a=2', '?limit=x', '?%ff'].flatMap((query) => [
          { send: `GET ${path}${query}`, status: 200 },
          { send: `HEAD ${path}${query}`, status: 200 },
        ]),
      ),
      invalidQuery('/items?Limit=1', 'Limit', 'unknown'),
      invalidQuery('/items/{E}?limit=1', 'limit', 'unknown'),
      {
        send: 'POST /items?validate=true',
        json: { id: '{X}', name: 'New' },
        status: 400,
        code: 'invalid-query',
        content: { errors: [{ parameter: 'validate', rule: 'unknown' }] },
      },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
    ],
  },
  {
    number: 'I6',
    request: 'limit that is 0, negative, over 200 or not a number in digits',
    answer: '400 problem; no other limit is used instead',
    section: '§15.5.1, own',
    exchanges: [
      ...BAD_LIMITS.map((limit) => invalidQuery(`/items?limit=${limit}`, 'limit', 'integer')),
      { send: 'GET /items?limit=200', status: 200 },
    ],
  },
  {
    number: 'I7',
    request: 'a cursor that is damaged or from another list',
    answer: '400 problem of its own type',
    section: '§15.5.1, own',
    exchanges: ['', 'nope', `${after('bolt')}x`, `A${after('bolt').slice(1)}`, encodeCursor('other', 'bolt')].map(
      (cursor) => ({
        send: `GET /items?cursor=${cursor}`,
        status: 400,
        code: 'invalid-cursor',
        content: { type: '/problems/invalid-cursor', errors: [{ parameter: 'cursor', rule: 'cursor' }] },
      }),
    ),
  },
  {
    number: 'I8',
    request: 'an old cursor from another process',
    answer: '200: cursors of pages never expire',
    section: 'own',
    exchanges: [
      { send: 'GET /items?limit=1&cursor=8gdD7unoZXhpc3RpbmctSTg', status: 200, lacks: ['"id":"{E}"'] },
      { send: 'DELETE /items/{E}', status: 204 },
      { send: 'GET /items?limit=1&cursor=8gdD7unoZXhpc3RpbmctSTg', status: 200 },
    ],
  },
  {
    number: 'I10',
    request: 'the same query parameter twice',
    answer: '400 problem that names it',
    section: '§15.5.1, own',
    exchanges: [
      invalidQuery('/items?limit=1&limit=2', 'limit', 'repeated'),
      invalidQuery('/items?limit=1&limit=1', 'limit', 'repeated'),
    ],
  },
  {
    number: 'I12',
    request: 'a page whose items together are over 1 MiB',
    answer: '200 with fewer items than its limit, and at least one; `next` and Link continue after them',
    section: 'own',
    provenBy: 'test/e2e/items/page-size.spec.ts',
  },
];
