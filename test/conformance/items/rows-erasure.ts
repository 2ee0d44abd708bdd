import type { Row } from '../row.js';

const IN_TESTS = 'test/e2e/items/erase-versions.spec.ts';

/** I: erasing what versions hold. */
export const ERASURE: Row[] = [
  {
    number: 'I70',
    request: 'DELETE of the versions of a deleted item',
    answer:
      '204; the list of versions is 200 with number, operation, time and caller of each, without item and request id; the newest says who erased',
    section: '§9.3.5, §15.3.5, own',
    exchanges: [
      { send: 'DELETE /items/{E}', status: 204 },
      { send: 'DELETE /items/{E}/versions', headers: { 'x-request-id': 'r-erase' }, status: 204, content: '' },
      {
        send: 'GET /items/{E}/versions',
        status: 200,
        content: {
          versions: [
            { version: 3, operation: 'erase', requestId: 'r-erase' },
            { version: 2, operation: 'delete', erased: true },
            { version: 1, operation: 'create', erased: true },
          ],
        },
        lacks: ['"item"', '"name"'],
      },
    ],
  },
  {
    number: 'I71',
    request: 'the same again, for an item that is there, or for an id that was never used',
    answer: '204 without a new version; 409; 404',
    section: '§9.2.2, §15.5.10, §15.5.5, own',
    exchanges: [
      { send: 'DELETE /items/{E}/versions', status: 409, code: 'item-not-deleted', content: { itemUrl: '/items/{E}' } },
      { send: 'DELETE /items/{X}/versions', status: 404, code: 'item-not-found' },
      { send: 'DELETE /items/{E}', status: 204 },
      { send: 'DELETE /items/{E}/versions', status: 204 },
      { send: 'DELETE /items/{E}/versions', status: 204 },
      { send: 'GET /items/{E}/versions/3', status: 200, content: { operation: 'erase' } },
      { send: 'GET /items/{E}/versions/4', status: 404, code: 'version-not-found' },
    ],
  },
  {
    number: 'I72',
    request: 'GET or restore of an erased version, or GET of the item at a time when it was there',
    answer: '410; at a time when it was not there 404',
    section: '§15.5.11, own',
    provenBy: IN_TESTS,
  },
  {
    number: 'I73',
    request: 'DELETE of versions with conditions',
    answer:
      'they are on the list of versions, whose tag is strong and changes with each version: 412 if they fail, 428 without If-Match where it is ' +
      'required; 404 and 409 come first',
    section: '§13.1.1, §13.2.1, RFC 6585 §3',
    provenBy: IN_TESTS,
  },
  {
    number: 'I74',
    request: 'a repeat under an Idempotency-Key that was used for the item before it was erased',
    answer: '410, also with another body; the erasure itself can be repeated under its key',
    section: '§15.5.11, draft-ietf-httpapi-idempotency-key-header-07 §2.6',
    provenBy: IN_TESTS,
  },
  {
    number: 'I75',
    request: 'the erased item is created again',
    answer: '201 with the next version; earlier versions stay erased; it can be deleted and erased again',
    section: 'own',
    provenBy: IN_TESTS,
  },
  {
    number: 'I76',
    request: 'lists with deleted=true, filter or q, after an erasure',
    answer: '200; the erased item has an empty name and no content, and nothing finds what it held',
    section: 'own',
    provenBy: IN_TESTS,
  },
  {
    number: 'I77',
    request: 'an erasure and other changes of the item at the same time, in one process or several',
    answer: 'one after the other: what comes behind it brings nothing back, and no version is missing',
    section: 'own',
    provenBy: IN_TESTS,
  },
  {
    number: 'I78',
    request: 'DELETE of versions without the scope items:erase',
    answer: '403, whatever other scopes there are',
    section: 'RFC 6750 §3.1, own',
    provenBy: IN_TESTS,
  },
  {
    number: 'I79',
    request: 'the tables, and on SQLite the files, after an erasure',
    answer:
      'nothing of the content is in any table, index or record of a key; on SQLite it leaves the files in the background, which the log says, ' +
      'and which the next start finishes if the process is killed',
    section: 'own',
    provenBy: 'test/e2e/items/erased-content.spec.ts',
  },
];
