import { AS_JSON, AS_JSON_PATCH, AS_MERGE_PATCH, type Exchange } from './row.js';

const OVER_THE_LIMIT = ' '.repeat(1_048_577);

/** One success of each kind, for rows about every answer. To be played in this order. */
export const SUCCESSES: Exchange[] = shared([
  { send: 'GET /items/{E}', status: 200 },
  { send: 'GET /items', status: 200 },
  { send: 'GET /openapi.json', status: 200 },
  { send: 'GET /health/live', status: 200 },
  { send: 'POST /items', json: { id: '{X}', name: 'New' }, status: 201 },
  { send: 'PUT /items/{X}', json: { name: 'Newer' }, status: 200 },
  { send: 'PATCH /items/{X}', headers: AS_MERGE_PATCH, body: '{"name":"Newest"}', status: 200 },
  { send: 'DELETE /items/{X}', status: 204 },
  { send: 'OPTIONS /items', status: 204 },
]);

/** One problem from each layer: parser, router, checks of the head, of the body, of its members, and of the items. */
export const PROBLEMS: Exchange[] = shared([
  { send: 'FROB /items', status: 501, code: 'method-not-implemented' },
  { send: 'GET /nowhere', status: 404, code: 'route-not-found' },
  { send: 'GET /items', headers: { host: 'not a host' }, status: 400, code: 'malformed-request' },
  { send: 'GET /items', headers: { host: 'elsewhere.example' }, status: 421, code: 'misdirected-request' },
  { send: 'PATCH /items', status: 405, code: 'method-not-allowed' },
  { send: 'GET /items/%20', status: 400, code: 'invalid-path' },
  { send: 'GET /items?nope=1', status: 400, code: 'invalid-query' },
  { send: 'GET /items?cursor=nope', status: 400, code: 'invalid-cursor' },
  { send: 'DELETE /items/{E}', headers: { 'if-match': 'nope' }, status: 400, code: 'malformed-precondition' },
  { send: 'GET /items', body: 'content', status: 400, code: 'unexpected-content' },
  { send: 'GET /items', headers: { accept: 'text/html' }, status: 406, code: 'not-acceptable' },
  { send: 'POST /items', headers: AS_JSON, body: OVER_THE_LIMIT, status: 413, code: 'body-too-large' },
  { send: 'POST /items', body: '{}', status: 415, code: 'unsupported-media-type' },
  {
    send: 'POST /items',
    headers: { ...AS_JSON, 'content-encoding': 'br' },
    body: '{}',
    status: 415,
    code: 'unsupported-content-coding',
  },
  { send: 'POST /items', headers: AS_JSON, body: '{"id":', status: 400, code: 'malformed-json' },
  { send: 'POST /items', json: {}, status: 400, code: 'invalid-body' },
  { send: 'POST /items', json: { id: '{E}', name: 'Second' }, status: 409, code: 'item-exists' },
  { send: 'PUT /items/{E}', json: { id: 'other', name: 'x' }, status: 409, code: 'item-id-differs' },
  { send: 'PUT /items/{E}', json: { name: 'x', version: 99 }, status: 409, code: 'item-version-differs' },
  {
    send: 'PUT /items/{E}',
    headers: { 'if-match': '"0"' },
    json: { name: 'x' },
    status: 412,
    code: 'precondition-failed',
  },
  { send: 'PATCH /items/{E}', body: '{}', status: 415, code: 'unsupported-patch-type' },
  {
    send: 'PATCH /items/{E}',
    headers: AS_JSON_PATCH,
    body: '[{"op":"remove","path":"/nothing"}]',
    status: 409,
    code: 'patch-does-not-apply',
  },
  {
    send: 'PATCH /items/{E}',
    headers: AS_MERGE_PATCH,
    body: '{"name":null}',
    status: 422,
    code: 'patch-result-invalid',
  },
  { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
]);

function shared(exchanges: Exchange[]): Exchange[] {
  return exchanges.map((exchange) => ({ ...exchange, isShared: true }));
}
