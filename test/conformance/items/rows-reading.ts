import { tagOfVersion } from '../../support/entity-tags.js';
import { PROBLEMS, SUCCESSES } from '../each-kind.js';
import type { Exchange, Row } from '../row.js';

const OF_LIST = 'private, no-cache';
// RFC 9111 §5.2.2.6: a proxy that compresses an item changes its tag, which then never matches in If-Match.
const OF_ITEM = 'private, no-cache, no-transform';

const stored = (cacheControl: string) => ({ 'cache-control': cacheControl });

/** D and P8: reading, and what caches may do with the answers. */
export const READING: Row[] = [
  {
    number: 'D1',
    request: 'GET of an item',
    answer: '200 with a strong ETag and Cache-Control',
    section: '§15.3.1, §8.8.3',
    exchanges: [
      {
        send: 'GET /items/{E}',
        status: 200,
        fields: { etag: tagOfVersion(1), 'cache-control': OF_ITEM },
        content: { id: '{E}', version: 1 },
      },
    ],
  },
  {
    number: 'D2',
    request: 'GET of an id that was never used',
    answer: '404 problem that names the id',
    section: '§15.5.5',
    exchanges: [
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found', content: { itemId: '{X}' }, lacks: ['deletedAt'] },
    ],
  },
  {
    number: 'D3',
    request: 'GET of a deleted item',
    answer: '404 problem with the time of the delete; not 410, since the id may be used again',
    section: '§15.5.11, own',
    exchanges: [
      { send: 'DELETE /items/{E}', status: 204 },
      {
        send: 'GET /items/{E}',
        status: 404,
        code: 'item-not-found',
        content: { itemId: '{E}', deletedAt: '2026-01-02T03:04:05.678Z' },
      },
    ],
  },
  {
    number: 'D4',
    request: 'GET of an item that was created again after a delete',
    answer: '200 with an ETag that the id never had before',
    section: '§8.8.1',
    exchanges: [
      { send: 'PUT /items/{E}', json: { name: 'Second' }, status: 200 },
      { send: 'GET /items/{E}', status: 200, fields: { etag: tagOfVersion(2) } },
      { send: 'DELETE /items/{E}', status: 204 },
      { send: 'POST /items', json: { id: '{E}', name: 'Again' }, status: 201, fields: { etag: tagOfVersion(4) } },
      { send: 'GET /items/{E}', status: 200, fields: { etag: '"{v4}"' } },
    ],
  },
  {
    number: 'D18',
    request: 'two writes at the same moment',
    answer: 'a new ETag after each',
    section: '§8.8.1',
    exchanges: [
      { send: 'PUT /items/{E}', json: { name: 'First' }, status: 200 },
      { send: 'GET /items/{E}', status: 200, fields: { etag: tagOfVersion(2) } },
      { send: 'PUT /items/{E}', json: { name: 'Second' }, status: 200 },
      { send: 'GET /items/{E}', status: 200, fields: { etag: tagOfVersion(3) } },
    ],
  },
  {
    number: 'D19',
    request: 'any request',
    answer:
      'Cache-Control: `private, no-cache` for lists of items, `private, no-cache, no-transform` for items and their versions, and for the 304, ' +
      '404 and 412 of both; `no-store, no-transform` for successes of POST and PATCH, whose tag is the item’s; ' +
      '`public, max-age=300` for the documentation (`public, max-age=31536000, immutable` for files of Swagger UI ' +
      'whose names change with them, RFC 8246 §2), otherwise `no-store`, rehearsals included',
    section: 'RFC 9111 §3.5, §5.2.2, §5.2.2.6; RFC 9205 §4.9.1, own',
    exchanges: [
      { send: 'GET /items/{E}', status: 200, fields: stored(OF_ITEM) },
      { send: 'HEAD /items/{E}', status: 200, fields: stored(OF_ITEM) },
      { send: 'GET /items', status: 200, fields: stored(OF_LIST) },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found', fields: stored(OF_ITEM) },
      ...[['/items/{E}', OF_ITEM] as const, ['/items', OF_LIST] as const].flatMap(
        ([target, cacheControl]): Exchange[] => [
          { send: `GET ${target}`, headers: { 'if-none-match': '*' }, status: 304, fields: stored(cacheControl) },
          {
            send: `GET ${target}`,
            headers: { 'if-match': '"0"' },
            status: 412,
            code: 'precondition-failed',
            fields: stored(cacheControl),
          },
        ],
      ),
      { send: 'GET /openapi.json', status: 200, fields: stored('public, max-age=300') },
      ...['/openapi.json', '/items/{E}'].map((target) => ({
        send: `GET ${target}`,
        headers: { rehearse: '200' },
        status: 200,
        fields: stored('no-store'),
      })),
      { send: 'GET /docs', status: 200, fields: stored('public, max-age=300') },
      { send: 'GET /docs/swagger-ui.css', status: 200, fields: stored('public, max-age=300') },
      { send: 'GET /', status: 200, fields: stored('no-store') },
      { send: 'GET /health/ready', status: 200, fields: stored('no-store') },
      { send: 'DELETE /items/{X}', status: 404, code: 'item-not-found', fields: stored('no-store') },
      ...SUCCESSES.filter(({ send }) => !send.startsWith('GET')).map((one) => ({
        ...one,
        fields: stored(/^(POST|PATCH)/.test(one.send) ? 'no-store, no-transform' : 'no-store'),
      })),
      ...PROBLEMS.filter(({ code }) => code !== 'item-not-found').map((one) => ({
        ...one,
        fields: stored('no-store'),
      })),
    ],
  },
  {
    number: 'D20',
    request: 'a request that is answered 404, 405 or 501, which caches may store heuristically',
    answer: 'explicit Cache-Control',
    section: '§15.1; RFC 9111 §4.2.2, own',
    exchanges: [
      { send: 'GET /nowhere', status: 404, code: 'route-not-found', fields: stored('no-store') },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found', fields: stored(OF_ITEM) },
      { send: 'PATCH /items', status: 405, code: 'method-not-allowed', fields: stored('no-store') },
      { send: 'FROB /items', status: 501, code: 'method-not-implemented', fields: stored('no-store') },
    ],
  },
  {
    number: 'P8',
    request: 'GET after a successful write, through a cache',
    answer: 'the change is visible: reads are revalidated each time, and the write’s target is the URL of the item',
    section: 'RFC 9111 §4.4',
    exchanges: [
      { send: 'GET /items/{E}', status: 200, fields: { ...stored(OF_ITEM), etag: '"{v1}"' } },
      { send: 'PUT /items/{E}', json: { name: 'Second' }, status: 200, fields: { 'content-location': '/items/{E}' } },
      { send: 'GET /items/{E}', status: 200, fields: { etag: tagOfVersion(2) }, content: { name: 'Second' } },
      { send: 'DELETE /items/{E}', status: 204 },
      { send: 'GET /items/{E}', status: 404, code: 'item-not-found', fields: stored(OF_ITEM) },
    ],
  },
];
