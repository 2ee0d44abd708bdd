import { tagOfVersion } from '../../support/entity-tags.js';
import { EXISTING, type Row } from '../row.js';

const NO_VALIDATORS = { etag: null, 'last-modified': null };

/** F and H: PUT and DELETE. */
export const PUT_AND_DELETE: Row[] = [
  {
    number: 'F1',
    request: 'PUT of an id that does not exist',
    answer: '201 with the item',
    section: '§9.3.4, §15.3.2',
    exchanges: [
      { send: 'PUT /items/{X}', json: { name: 'New' }, status: 201, content: { id: '{X}', name: 'New', version: 1 } },
      { send: 'GET /items/{X}', status: 200, content: { name: 'New', version: 1 } },
    ],
  },
  {
    number: 'F2',
    request: 'PUT of an existing item',
    answer: '200 with the item as it is now',
    section: '§9.3.4',
    exchanges: [
      {
        send: 'PUT /items/{E}',
        json: { name: 'Newer' },
        status: 200,
        content: { id: '{E}', name: 'Newer', version: 2 },
      },
      { send: 'GET /items/{E}', status: 200, content: { name: 'Newer', version: 2 } },
    ],
  },
  {
    number: 'F3',
    request: 'the same PUT again',
    answer: '200 and the same state',
    section: '§9.2.2, §9.3.4',
    exchanges: [
      { send: 'PUT /items/{X}', json: { name: 'New' }, status: 201, content: { name: 'New', version: 1 } },
      { send: 'PUT /items/{X}', json: { name: 'New' }, status: 200, content: { name: 'New', version: 1 } },
    ],
  },
  {
    number: 'F4',
    request: 'PUT without a member that the item has',
    answer: 'the member is gone: PUT replaces, it does not merge',
    section: '§9.3.4',
    exchanges: [
      { send: 'PUT /items/{E}', json: { name: 'x', description: 'told' }, status: 200, holds: ['"attributes":{}'] },
      { send: 'GET /items/{E}', status: 200, holds: ['"description":"told"', '"attributes":{}'] },
      { send: 'PUT /items/{E}', json: { name: 'x' }, status: 200, lacks: ['description'] },
      { send: 'GET /items/{E}', status: 200, lacks: ['description'] },
    ],
  },
  {
    number: 'F5',
    request: 'PUT whose body has another id than its URL',
    answer: '409 problem; an item as GET returns it is accepted, and its times are ignored',
    section: '§9.3.4',
    exchanges: [
      {
        send: 'PUT /items/{E}',
        json: { id: '{X}', name: 'Moved' },
        status: 409,
        code: 'item-id-differs',
        content: { errors: [{ pointer: '/id', rule: 'equal' }] },
      },
      { send: 'GET /items/{E}', status: 200, content: { ...EXISTING, version: 1 } },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
      {
        send: 'PUT /items/{E}',
        json: { id: '{E}', name: 'Renamed', version: 1, createdAt: '2000-01-01T00:00:00.000Z', updatedAt: 'then' },
        status: 200,
        content: { name: 'Renamed', version: 2, createdAt: '2026-01-02T03:04:05.678Z' },
      },
    ],
  },
  {
    number: 'F6',
    request: 'a successful PUT: the item then has a version and times that were not sent',
    answer: 'no ETag and no Last-Modified, but the version in the body, and Content-Location; GET gives the ETag',
    section: '§9.3.4',
    exchanges: [
      {
        send: 'PUT /items/{X}',
        json: { name: 'New' },
        status: 201,
        fields: { ...NO_VALIDATORS, 'content-location': '/items/{X}' },
        content: { version: 1 },
      },
      {
        send: 'PUT /items/{X}',
        json: { name: 'Newer' },
        status: 200,
        fields: { ...NO_VALIDATORS, 'content-location': '/items/{X}' },
        content: { version: 2 },
      },
      { send: 'GET /items/{X}', status: 200, fields: { etag: tagOfVersion(2) } },
    ],
  },
  {
    number: 'F21',
    request: 'PUT that changes nothing',
    answer: '200; version and ETag stay',
    section: '§9.3.4, own',
    exchanges: [
      { send: 'PUT /items/{E}', json: EXISTING, status: 200, content: { ...EXISTING, version: 1 } },
      { send: 'GET /items/{E}', status: 200, fields: { etag: '"{v1}"' } },
      { send: 'PUT /items/{E}', json: { ...EXISTING, name: 'x' }, status: 200, content: { version: 2 } },
    ],
  },
  {
    number: 'F22',
    request: 'PUT of the item as GET returned it, after another change or a delete',
    answer:
      '409 problem with currentVersion: the version in the body must be the current one; for an id that was never ' +
      'used it is ignored, and without it PUT replaces any version',
    section: '§9.3.4, §15.5.10, own',
    exchanges: [
      { send: 'PUT /items/{E}', json: { id: '{E}', name: 'Second', version: 1 }, status: 200, content: { version: 2 } },
      {
        send: 'PUT /items/{E}',
        json: { id: '{E}', name: 'Over', version: 1 },
        status: 409,
        code: 'item-version-differs',
        content: { currentVersion: 2, errors: [{ pointer: '/version', rule: 'current' }] },
      },
      { send: 'PUT /items/{E}', json: { name: 'Over', version: '2' }, status: 400, code: 'invalid-body' },
      { send: 'GET /items/{E}', status: 200, content: { name: 'Second', version: 2 } },
      { send: 'DELETE /items/{E}', status: 204 },
      {
        send: 'PUT /items/{E}',
        json: { id: '{E}', name: 'Over', version: 2 },
        status: 409,
        code: 'item-version-differs',
        content: { currentVersion: 3, deletedAt: '2026-01-02T03:04:05.678Z' },
      },
      { send: 'PUT /items/{E}', json: { id: '{E}', name: 'Again' }, status: 201, content: { version: 4 } },
      { send: 'PUT /items/{X}', json: { id: '{X}', name: 'Copy', version: 7 }, status: 201, content: { version: 1 } },
    ],
  },
  {
    number: 'H1',
    request: 'DELETE of an item',
    answer: '204; the delete is version n+1, and a new item of this id starts at n+2',
    section: '§9.3.5',
    exchanges: [
      { send: 'DELETE /items/{E}', status: 204, content: '' },
      { send: 'PUT /items/{E}', json: EXISTING, status: 201, content: { version: 3 } },
      { send: 'GET /items/{E}', status: 200, fields: { etag: tagOfVersion(3) } },
    ],
  },
  {
    number: 'H2',
    request: 'DELETE again',
    answer: '404 problem with the time of the delete: the effect is the same, the status is not',
    section: '§9.2.2, §15.5.5, own',
    exchanges: [
      { send: 'DELETE /items/{E}', status: 204 },
      {
        send: 'DELETE /items/{E}',
        status: 404,
        code: 'item-not-found',
        content: { itemId: '{E}', deletedAt: '2026-01-02T03:04:05.678Z' },
      },
    ],
  },
  {
    number: 'H3',
    request: 'DELETE of an id that was never used',
    answer: '404 problem',
    section: '§15.5.5, own',
    exchanges: [{ send: 'DELETE /items/{X}', status: 404, code: 'item-not-found', lacks: ['deletedAt'] }],
  },
  {
    number: 'H6',
    request: 'GET after DELETE',
    answer: '404 problem, and lists no longer have the item',
    section: '§9.3.5, own',
    exchanges: [
      { send: 'GET /items?limit=200', status: 200, holds: ['"id":"{E}"'] },
      { send: 'DELETE /items/{E}', status: 204 },
      { send: 'GET /items/{E}', status: 404, code: 'item-not-found' },
      { send: 'GET /items?limit=200', status: 200, lacks: ['"id":"{E}"'] },
    ],
  },
];
