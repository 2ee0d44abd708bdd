import { tagOfVersion } from '../../support/entity-tags.js';
import { EXISTING, type Row } from '../row.js';

/** E: creating with POST /items. */
export const CREATE: Row[] = [
  {
    number: 'E1',
    request: 'POST of a new item',
    answer: '201 with Location, percent-encoded',
    section: '§9.3.3, §15.3.2',
    exchanges: [
      { send: 'POST /items', json: { id: '{X}', name: 'New' }, status: 201, fields: { location: '/items/{X}' } },
      {
        send: 'POST /items',
        json: { id: '{X}:m8~1', name: 'New' },
        status: 201,
        fields: { location: '/items/{X}%3Am8~1' },
      },
      { send: 'GET /items/{X}%3Am8~1', status: 200, content: { id: '{X}:m8~1' } },
    ],
  },
  {
    number: 'E2',
    request: 'GET of the Location of a 201',
    answer: '200 at once, with the ETag of the 201',
    section: '§15.3.2, §8.8, own',
    exchanges: [
      {
        send: 'POST /items',
        json: { id: '{X}', name: 'New' },
        status: 201,
        fields: { location: '/items/{X}', etag: tagOfVersion(1) },
      },
      {
        send: 'GET /items/{X}',
        status: 200,
        fields: { etag: '"{v1}"' },
        content: { id: '{X}', name: 'New', version: 1 },
      },
    ],
  },
  {
    number: 'E3',
    request: 'POST of a new item',
    answer: '201 with the item and a Content-Location that equals Location',
    section: '§8.7',
    exchanges: [
      {
        send: 'POST /items',
        json: { id: '{X}', name: 'New' },
        status: 201,
        fields: { location: '/items/{X}', 'content-location': '/items/{X}' },
        content: { id: '{X}', name: 'New', version: 1 },
      },
    ],
  },
  {
    number: 'E4',
    request: 'POST of an id in use',
    answer: '409 problem with the id and the URL of the item; nothing changed',
    section: '§15.5.10',
    exchanges: [
      {
        send: 'POST /items',
        json: { id: '{E}', name: 'Second' },
        status: 409,
        code: 'item-exists',
        content: { itemId: '{E}', itemUrl: '/items/{E}' },
      },
      { send: 'GET /items/{E}', status: 200, fields: { etag: '"{v1}"' }, content: EXISTING },
    ],
  },
  {
    number: 'E5',
    request: 'POST of one id many times at once',
    answer: 'one 201, every other 409',
    section: '§15.5.10, own',
    provenBy: 'test/e2e/items/create-item.spec.ts',
  },
  {
    number: 'E14',
    request: 'POST with header fields for GET',
    answer: 'never 206, 304 or 416',
    section: '§9.3.3',
    exchanges: [
      {
        send: 'POST /items',
        headers: { range: 'bytes=0-3', 'if-modified-since': 'Fri, 01 Jan 2100 00:00:00 GMT' },
        json: { id: '{X}', name: 'New' },
        status: 201,
      },
      {
        send: 'POST /items',
        headers: { range: 'bytes=999999-' },
        json: { id: '{X}', name: 'New' },
        status: 409,
        code: 'item-exists',
      },
    ],
  },
  {
    number: 'E15',
    request: 'a write while storage is locked, down or full',
    answer: '503 with Retry-After, or 507: problems that don’t show the cause; nothing changed',
    section: '§15.6.4; RFC 4918 §11.5, own',
    provenBy: 'test/e2e/database/storage-faults.spec.ts',
  },
  {
    number: 'E17',
    request: 'POST of an item as GET returned it elsewhere',
    answer: '201: version, createdAt and updatedAt are ignored',
    section: '§9.3.3, own',
    exchanges: [
      {
        send: 'POST /items',
        json: { id: '{X}', name: 'Copy', version: 7, createdAt: '2000-01-01T00:00:00.000Z', updatedAt: 'then' },
        status: 201,
        content: { version: 1, createdAt: '2026-01-02T03:04:05.678Z', updatedAt: '2026-01-02T03:04:05.678Z' },
      },
    ],
  },
  {
    number: 'E18',
    request: 'POST or PUT with null for an optional member',
    answer: 'the same as without it; null never comes back',
    section: 'own',
    exchanges: [
      {
        send: 'POST /items',
        json: { id: '{X}', name: 'New', description: null, tags: null, attributes: null },
        status: 201,
        holds: ['"name":"New","tags":[],"attributes":{}'],
      },
      {
        send: 'PUT /items/{X}',
        json: { name: 'New', description: 'told', tags: ['a'] },
        status: 200,
        content: { description: 'told', tags: ['a'] },
      },
      {
        send: 'PUT /items/{X}',
        json: { id: null, name: 'New', description: null, tags: null, attributes: null, version: null },
        status: 200,
        holds: ['"name":"New","tags":[],"attributes":{}'],
        lacks: ['description'],
      },
    ],
  },
];
