import { AS_JSON, type Row } from '../row.js';

const OF_LIST = 'GET, HEAD, OPTIONS, POST, QUERY';
const OF_ITEM = 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT';
const OPTIONS_OF_ITEM = {
  allow: OF_ITEM,
  'accept-patch': 'application/merge-patch+json, application/json-patch+json, application/json',
  'cache-control': 'no-store',
};

/** A and B: routes and methods, which are judged before the rest of the request. */
export const METHODS: Row[] = [
  {
    number: 'A10',
    request: 'POST to an item, which does not offer it, with broken JSON',
    answer: '405: the method is judged before the body',
    section: '§15.5.6, own',
    exchanges: [
      { send: 'POST /items/{E}', headers: AS_JSON, body: '{"name":', status: 405, code: 'method-not-allowed' },
    ],
  },
  {
    number: 'A11',
    request: 'POST to the URL of an item that does not exist',
    answer: '405: the method is judged before the item is looked up',
    section: '§15.5.6, own',
    exchanges: [
      { send: 'POST /items/{X}', json: { name: 'New' }, status: 405, code: 'method-not-allowed' },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
    ],
  },
  {
    number: 'B3',
    request: 'a method that no resource knows, whether the parser knows it (PROPFIND) or not (FROB)',
    answer: '501 problem',
    section: '§9.1, §15.6.2',
    exchanges: [
      { send: 'PROPFIND /items', status: 501, code: 'method-not-implemented' },
      { send: 'FROB /items', status: 501, code: 'method-not-implemented' },
      { send: 'FROB /nowhere', status: 501, code: 'method-not-implemented' },
    ],
  },
  {
    number: 'B4',
    request: 'a known method that the resource does not offer',
    answer: '405 with exactly the offered methods in Allow',
    section: '§9.1, §15.5.6, §10.2.1',
    exchanges: [
      ...['PUT', 'PATCH', 'DELETE', 'TRACE'].map((method) => ({
        send: `${method} /items`,
        status: 405,
        code: 'method-not-allowed',
        fields: { allow: OF_LIST },
      })),
      { send: 'TRACE /items/{E}', status: 405, code: 'method-not-allowed', fields: { allow: OF_ITEM } },
      { send: 'DELETE /example', status: 405, code: 'method-not-allowed', fields: { allow: 'GET, HEAD, OPTIONS' } },
    ],
  },
  {
    number: 'B5',
    request: 'the Allow of a 405 where GET is offered',
    answer: 'has HEAD and OPTIONS too, and both work',
    section: '§10.2.1',
    exchanges: [
      { send: 'POST /example', status: 405, code: 'method-not-allowed', fields: { allow: 'GET, HEAD, OPTIONS' } },
      { send: 'HEAD /example', status: 200 },
      { send: 'OPTIONS /example', status: 204 },
    ],
  },
  {
    number: 'B6',
    request: 'a method in lower case, which is another method',
    answer: '501 problem',
    section: '§9.1',
    provenBy: 'test/e2e/contract/conformance.spec.ts',
  },
  {
    number: 'B7',
    request: 'a path without a route',
    answer: '404 problem, of another type than for an item that does not exist',
    section: '§15.5.5; RFC 9457 §3.1.1',
    exchanges: [
      { send: 'GET /nowhere', status: 404, code: 'route-not-found', content: { type: '/problems/route-not-found' } },
      { send: 'GET /items/{X}/parts', status: 404, code: 'route-not-found' },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found', content: { type: '/problems/item-not-found' } },
    ],
  },
  {
    number: 'B18',
    request: 'OPTIONS on the list and on an item, existing or not',
    answer: '204 with Allow, not to be stored; of an item with Accept-Patch, of the list with Accept-Query',
    section: '§9.3.7; RFC 5789 §3.1; RFC 10008 §3',
    exchanges: [
      { send: 'OPTIONS /items', status: 204, fields: { allow: OF_LIST, 'cache-control': 'no-store' }, content: '' },
      { send: 'OPTIONS /items/{E}', status: 204, fields: OPTIONS_OF_ITEM, content: '' },
      { send: 'OPTIONS /items/{X}', status: 204, fields: OPTIONS_OF_ITEM, content: '' },
    ],
  },
  {
    number: 'B19',
    request: 'OPTIONS *',
    answer: '204 without a body, with every method that some resource offers in Allow',
    section: '§9.3.7',
    exchanges: [
      {
        send: 'OPTIONS *',
        status: 204,
        fields: { allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, QUERY' },
        content: '',
      },
      { send: 'GET *', status: 400, code: 'malformed-request' },
    ],
  },
  {
    number: 'B20',
    request: 'TRACE on a known path',
    answer: '405 with Allow; no part of the request is sent back',
    section: '§9.3.8, §15.5.6',
    exchanges: [
      {
        send: 'TRACE /items/{E}',
        headers: { authorization: 'Basic c2VjcmV0' },
        status: 405,
        code: 'method-not-allowed',
        fields: { allow: OF_ITEM },
        lacks: ['c2VjcmV0'],
      },
    ],
  },
  {
    number: 'B29',
    request: 'X-HTTP-Method-Override',
    answer: 'the method of the request line counts',
    section: '§9.1; RFC 9205 §4.5, own',
    exchanges: [
      {
        send: 'POST /items/{E}',
        headers: { 'x-http-method-override': 'DELETE' },
        status: 405,
        code: 'method-not-allowed',
      },
      { send: 'GET /items/{E}', headers: { 'x-http-method-override': 'DELETE' }, status: 200 },
      {
        send: 'POST /items',
        headers: { 'x-http-method-override': 'GET' },
        json: { id: '{X}', name: 'New' },
        status: 201,
      },
      { send: 'GET /items/{E}', status: 200, content: { version: 1 } },
    ],
  },
  {
    number: 'B34',
    request: 'a path with an extra or encoded slash, or in upper case: /items/, //items, /ITEMS',
    answer: '404 problem whose detail names the right path',
    section: '§15.5.5, own',
    exchanges: [
      ...['/items/', '//items', '/items//', '/ITEMS', '/items%2F', '/items/?limit=5'].map((path) => [path, '/items']),
      ...['/items/{E}/', '//items//{E}', '/Items/{E}', '/items%2f{E}'].map((path) => [path, '/items/{E}']),
      ['//', '/'],
      ['/health//live', '/health/live'],
    ].map(([path, meant]) => ({
      send: `GET ${path}`,
      status: 404,
      code: 'route-not-found',
      holds: [`Did you mean ${meant}? GET`],
    })),
  },
];
