import type { Row } from '../row.js';

/** I: versions and restoring. */
export const HISTORY: Row[] = [
  {
    number: 'I60',
    request: 'GET of the versions of an item, or of one of them',
    answer:
      '200 with number, operation, time, caller and request of each change, the newest first, and the whole item after it; also of a ' +
      'deleted item; 404 for an id that was never used, or a version that never was',
    section: '§15.5.5, own',
    exchanges: [
      {
        send: 'GET /items/{E}/versions',
        status: 200,
        content: { versions: [{ version: 1, operation: 'create', item: { id: '{E}' } }] },
      },
      { send: 'GET /items/{E}/versions/1', status: 200, content: { version: 1, item: { id: '{E}', version: 1 } } },
      { send: 'GET /items/{E}/versions/2', status: 404, code: 'version-not-found' },
      { send: 'GET /items/{X}/versions', status: 404, code: 'item-not-found' },
      { send: 'GET /items/{E}/versions/0', status: 400, code: 'invalid-path' },
    ],
  },
  {
    number: 'I61',
    request: 'GET of the versions of an item, page by page',
    answer: '200 with each version once; Link and cursors as those of lists; a cursor of another item 400',
    section: 'RFC 8288 §3, own',
    exchanges: [
      { send: 'PUT /items/{E}', json: { name: 'Changed' }, status: 200 },
      {
        send: 'GET /items/{E}/versions?limit=1',
        status: 200,
        content: { versions: [{ version: 2 }] },
        fields: { link: /cursor=[\w-]+>; rel="next"/ },
      },
      { send: 'GET /items/{E}/versions?cursor=AAAA', status: 400, code: 'invalid-cursor' },
    ],
  },
  {
    number: 'I62',
    request: 'GET of versions, a version, or an item at a time, with the tag that the client has',
    answer: '304; the tag of a version is that of the item then',
    section: '§13.1.2',
    provenBy: 'test/e2e/items/versions.spec.ts',
  },
  {
    number: 'I63',
    request: 'GET of an item with `at`',
    answer:
      '200 with the item as it was at that time; 404 while it did not exist; a value that is no time of RFC 3339 400',
    section: 'RFC 3339 §5.6, own',
    exchanges: [
      { send: 'GET /items/{E}?at=2100-01-01T00:00:00%2B01:00', status: 200, content: { id: '{E}' } },
      { send: 'GET /items/{E}?at=2000-01-01T00:00:00Z', status: 404, code: 'version-not-found' },
      {
        send: 'GET /items/{E}?at=yesterday',
        status: 400,
        code: 'invalid-query',
        content: { errors: [{ parameter: 'at', rule: 'format' }] },
      },
    ],
  },
  {
    number: 'I64',
    request: 'POST of a version to restore',
    answer:
      '200 with the state of that version as the new one, which is no new version if nothing changes; 404 for a version that never was or ' +
      'is a deletion',
    section: '§9.3.3, own',
    exchanges: [
      { send: 'PUT /items/{E}', json: { name: 'Changed' }, status: 200 },
      {
        send: 'POST /items/{E}/restore',
        json: { version: 1 },
        status: 200,
        content: { version: 3 },
        fields: { 'content-location': '/items/{E}', etag: /^"3-/ },
      },
      { send: 'POST /items/{E}/restore', json: { version: 1 }, status: 200, content: { version: 3 } },
      { send: 'POST /items/{E}/restore', json: { version: 9 }, status: 404, code: 'version-not-found' },
      { send: 'POST /items/{E}/restore', json: { version: '1' }, status: 400, code: 'invalid-body' },
      { send: 'POST /items/{X}/restore', json: { version: 1 }, status: 404, code: 'item-not-found' },
    ],
  },
  {
    number: 'I65',
    request: 'the same for a deleted item',
    answer: '201 with Location',
    section: '§15.3.2, own',
    exchanges: [
      { send: 'DELETE /items/{E}', status: 204 },
      { send: 'POST /items/{E}/restore', json: { version: 2 }, status: 404, code: 'version-not-found' },
      {
        send: 'POST /items/{E}/restore',
        json: { version: 1 },
        status: 201,
        fields: { location: '/items/{E}' },
        content: { version: 3 },
      },
    ],
  },
  {
    number: 'I66',
    request: 'the same with conditions',
    answer: 'as PUT: 412 if they fail, 428 without one where it is required; a version that is missing 404 first',
    section: '§13.2.1, RFC 6585 §3',
    provenBy: 'test/e2e/items/restore-item.spec.ts',
  },
  {
    number: 'I67',
    request: 'the same with Idempotency-Key or Prefer: return=minimal',
    answer: 'a repeat gets the first answer; no content if it is preferred',
    section: 'RFC 7240 §4.2, draft-ietf-httpapi-idempotency-key-header-07',
    provenBy: 'test/e2e/items/restore-item.spec.ts',
  },
  {
    number: 'I68',
    request: 'GET or restore of a version, or GET of an item at a time, that HISTORY_RETENTION_DAYS no longer keeps',
    answer:
      '410; a version is trimmed once the one after it is older than that; a time before the oldest version that was kept counts as trimmed; ' +
      'what never was stays 404',
    section: '§15.5.11, own',
    provenBy: 'test/e2e/items/retention.spec.ts',
  },
  {
    number: 'I69',
    request:
      'the same for the newest version of an item, a deletion too, and for versions that answers under a key need',
    answer: 'these are never trimmed; the list of versions ends at the oldest that was kept',
    section: '§15.5.11, own',
    provenBy: 'test/e2e/items/retention.spec.ts',
  },
];
