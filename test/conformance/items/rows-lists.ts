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
        holds: ['only the query parameters limit, cursor, filter, '],
      },
      { ...invalidQuery('/items/{E}?a', 'a', 'unknown'), holds: ['only the query parameters fields, at.'] },
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
    number: 'I50',
    request: 'sort',
    answer:
      '200 in the order of id, name, createdAt or updatedAt, with - descending; texts by code point, ties by id in the same direction; ' +
      'any other value 400',
    section: 'own',
    exchanges: [
      { send: 'PUT /items/{X}', json: { name: '\u{1f600} sorted' }, status: 201 },
      {
        send: `GET /items?sort=-name&limit=1`,
        status: 200,
        content: { items: [{ id: '{X}' }] },
        fields: { link: /sort=-name/ },
      },
      invalidQuery('/items?sort=version', 'sort', 'enum'),
    ],
  },
  {
    number: 'I51',
    request: 'ids',
    answer:
      '200 with those items that exist, 200 at most; other ids are not in the list; a value that is no list of ids 400',
    section: 'own',
    exchanges: [
      { send: 'GET /items?ids={E},none,{E}', status: 200, content: { items: [{ id: '{E}' }], next: null } },
      invalidQuery('/items?ids=a,', 'ids', 'pattern'),
    ],
  },
  {
    number: 'I52',
    request: 'fields, of a list or an item',
    answer:
      '200 with exactly these members and attributes that are there; the same entity-tag as that of the whole item; an unknown one 400',
    section: 'own',
    exchanges: [
      { send: 'GET /items?ids={E}&fields=id', status: 200, content: { items: [{ id: '{E}' }] } },
      { send: 'GET /items/{E}?fields=version', status: 200, content: { version: 1 }, fields: { etag: /^"1-/ } },
      invalidQuery('/items/{E}?fields=colour', 'fields', 'pattern'),
      invalidQuery('/items?fields=id,', 'fields', 'pattern'),
    ],
  },
  {
    number: 'I53',
    request: 'deleted=true',
    answer: '200 with deleted items too, each with deletedAt',
    section: 'own',
    exchanges: [
      { send: 'PUT /items/{X}', json: { name: 'Short-lived' }, status: 201 },
      { send: 'DELETE /items/{X}', status: 204 },
      { send: 'GET /items?ids={X}', status: 200, content: { items: [] } },
      {
        send: 'GET /items?ids={X}&deleted=true',
        status: 200,
        content: { items: [{ id: '{X}', version: 2 }] },
        holds: ['"deletedAt":'],
      },
      invalidQuery('/items?deleted=1', 'deleted', 'enum'),
    ],
  },
  {
    number: 'I54',
    request: 'count=true',
    answer: '200 with `count`, how many items the whole list has',
    section: 'own',
    exchanges: [
      { send: 'GET /items?ids={E},none&limit=1&count=true', status: 200, content: { count: 1 } },
      invalidQuery('/items?count=yes', 'count', 'enum'),
    ],
  },
  {
    number: 'I55',
    request: 'a list that takes longer than QUERY_TIMEOUT_MS',
    answer: '400 query-too-slow, and the database is stopped; reads by id go on',
    section: '§15.5.1, own',
    provenBy: 'test/e2e/database/slow-lists.spec.ts',
  },
  {
    number: 'I12',
    request: 'a page whose items together are over 1 MiB',
    answer: '200 with fewer items than its limit, and at least one; `next` and Link continue after them',
    section: 'own',
    provenBy: 'test/e2e/items/page-size.spec.ts',
  },
];
