import { tagOfVersion } from '../../support/entity-tags.js';
import { AS_JSON, AS_JSON_PATCH, AS_MERGE_PATCH, EXISTING, type Exchange, type Row } from '../row.js';

const PATCHES_TAKEN = { 'accept-patch': 'application/merge-patch+json, application/json-patch+json, application/json' };
const UNCHANGED: Exchange = { send: 'GET /items/{E}', status: 200, content: { ...EXISTING, version: 1 } };

const patch = (
  type: Record<string, string>,
  body: unknown,
  status: number,
  more: Partial<Exchange> = {},
): Exchange => ({
  send: 'PATCH /items/{E}',
  headers: type,
  body: JSON.stringify(body),
  status,
  ...more,
});
const merge = (body: unknown, status: number, more?: Partial<Exchange>) => patch(AS_MERGE_PATCH, body, status, more);
const operations = (body: unknown, status: number, more?: Partial<Exchange>) =>
  patch(AS_JSON_PATCH, body, status, more);

const invalidBody = (pointer: string, rule: string): Partial<Exchange> => ({
  code: 'invalid-body',
  content: { errors: [{ pointer, rule }] },
});
const invalidResult = (pointer: string, rule: string): Partial<Exchange> => ({
  code: 'patch-result-invalid',
  content: { errors: [{ pointer, rule }] },
});
const misfit = (pointer: string, rule: string): Partial<Exchange> => ({
  code: 'patch-does-not-apply',
  content: { currentVersion: 1, errors: [{ pointer, rule }] },
});

/** A3 and G: PATCH. */
export const PATCHES: Row[] = [
  {
    number: 'A3',
    request: 'PATCH of an id that does not exist, with If-Match',
    answer: '404, not 412: it would have been 404 without the condition',
    section: '§13.2.1',
    exchanges: ['*', '"{v1}"'].map((tag) => ({
      ...merge({ name: 'x' }, 404, { code: 'item-not-found' }),
      send: 'PATCH /items/{X}',
      headers: { ...AS_MERGE_PATCH, 'if-match': tag },
    })),
  },
  {
    number: 'G1',
    request: 'PATCH with a merge patch',
    answer: '200 with the item and its ETag',
    section: 'RFC 5789 §2',
    exchanges: [
      merge({ attributes: { colour: 'grey' } }, 200, {
        fields: { etag: tagOfVersion(2), 'content-location': '/items/{E}' },
        content: { name: 'Existing', attributes: { thread: 'M8', colour: 'grey' }, version: 2 },
      }),
      {
        send: 'GET /items/{E}',
        status: 200,
        fields: { etag: '"{v2}"' },
        content: { attributes: { colour: 'grey' } },
      },
    ],
  },
  {
    number: 'G2',
    request: 'a merge patch with a member null',
    answer: 'the member is removed',
    section: 'RFC 7396 §2',
    exchanges: [
      merge({ description: 'told', attributes: { thread: null, a: { b: null } } }, 200, {
        holds: ['"attributes":{"a":{}}'],
      }),
      merge({ description: null, attributes: null }, 200, { lacks: ['description'], holds: ['"attributes":{}'] }),
    ],
  },
  {
    number: 'G3',
    request: 'a merge patch with an array',
    answer: 'the whole array is replaced',
    section: 'RFC 7396 §1, §2',
    exchanges: [
      merge({ attributes: { list: [1, 2, { a: null }] } }, 200, { holds: ['"list":[1,2,{"a":null}]'] }),
      merge({ attributes: { list: [3] } }, 200, { holds: ['"list":[3]'] }),
      merge({ tags: ['b', 'a'] }, 200, { content: { tags: ['b', 'a'] } }),
      merge({ tags: ['c'] }, 200, { content: { tags: ['c'] } }),
    ],
  },
  {
    number: 'G4',
    request: 'a merge patch that is not an object, and so would replace the item',
    answer: '422 problem',
    section: 'RFC 7396 §2; RFC 5789 §2.2, own',
    exchanges: [...[[], 'text', null, 7].map((body) => merge(body, 422, invalidResult('', 'type'))), UNCHANGED],
  },
  {
    number: 'G5',
    request: 'PATCH with a JSON Patch',
    answer: '200 after all operations in their order, on the item as GET returns it',
    section: 'RFC 6902 §3, §4',
    exchanges: [
      operations(
        [
          { op: 'test', path: '/version', value: 1 },
          { op: 'test', path: '/id', value: '{E}' },
          { op: 'copy', from: '/name', path: '/description' },
          { op: 'replace', path: '/name', value: 'Newer' },
          { op: 'move', from: '/attributes/thread', path: '/attributes/size' },
          { op: 'add', path: '/attributes/list', value: [1] },
          { op: 'add', path: '/attributes/list/0', value: 0 },
          { op: 'remove', path: '/attributes/list/1' },
          { op: 'add', path: '/tags/-', value: 'b' },
          { op: 'add', path: '/tags/0', value: 'a' },
        ],
        200,
        {
          fields: { etag: tagOfVersion(2) },
          content: {
            name: 'Newer',
            description: 'Existing',
            tags: ['a', 'b'],
            attributes: { size: 'M8', list: [0] },
            version: 2,
          },
        },
      ),
    ],
  },
  {
    number: 'G6',
    request: 'a JSON Patch with an operation that fails',
    answer: '409, and none of it is applied',
    section: 'RFC 5789 §2; RFC 6902 §5',
    exchanges: [
      operations(
        [
          { op: 'replace', path: '/name', value: 'Newer' },
          { op: 'remove', path: '/attributes/none' },
        ],
        409,
        misfit('/1', 'path'),
      ),
      UNCHANGED,
    ],
  },
  {
    number: 'G7',
    request: 'a JSON Patch with a test that fails',
    answer: '409 problem that names the operation: no condition was sent, so not 412',
    section: 'RFC 6902 §4.6; RFC 5789 §2.2',
    exchanges: [
      operations(
        [
          { op: 'test', path: '/name', value: 'Other' },
          { op: 'replace', path: '/name', value: 'Newer' },
        ],
        409,
        misfit('/0', 'test'),
      ),
      UNCHANGED,
    ],
  },
  {
    number: 'G8',
    request: 'a JSON Patch with a path that the item does not have',
    answer: '409 problem',
    section: 'RFC 5789 §2.2; RFC 6902 §4',
    exchanges: [
      operations([{ op: 'replace', path: '/attributes/none', value: 1 }], 409, misfit('/0', 'path')),
      operations([{ op: 'copy', from: '/none', path: '/name' }], 409, misfit('/0', 'path')),
      operations([{ op: 'remove', path: '/description' }], 409, misfit('/0', 'path')),
      UNCHANGED,
    ],
  },
  {
    number: 'G9',
    request: 'a patch that is not JSON, not a JSON Patch, or empty',
    answer: '400 problem',
    section: 'RFC 5789 §2.2',
    exchanges: [
      { send: 'PATCH /items/{E}', headers: AS_MERGE_PATCH, body: '{"name":', status: 400, code: 'malformed-json' },
      { send: 'PATCH /items/{E}', headers: AS_JSON_PATCH, body: '[', status: 400, code: 'malformed-json' },
      { send: 'PATCH /items/{E}', status: 400, ...invalidBody('', 'required') },
      operations({}, 400, invalidBody('', 'type')),
      operations([{ op: 'add', path: '/name' }], 400, invalidBody('/0/value', 'required')),
      operations([{ op: 'remove', path: 'name' }], 400, invalidBody('/0/path', 'json-pointer')),
      UNCHANGED,
    ],
  },
  {
    number: 'G10',
    request: 'a patch whose result breaks the rules of an item',
    answer: '422 problem with all faults of the result',
    section: 'RFC 5789 §2.2',
    exchanges: [
      merge({ name: null, extra: 1 }, 422, {
        code: 'patch-result-invalid',
        content: {
          errors: [
            { pointer: '/name', rule: 'required' },
            { pointer: '/extra', rule: 'unknown' },
          ],
        },
      }),
      merge({ attributes: 7 }, 422, invalidResult('/attributes', 'type')),
      merge({ tags: ['a', 'a'] }, 422, invalidResult('/tags/1', 'unique')),
      operations([{ op: 'add', path: '/tags/-', value: 7 }], 422, invalidResult('/tags/0', 'type')),
      operations([{ op: 'replace', path: '/name', value: '' }], 422, invalidResult('/name', 'length')),
      operations([{ op: 'remove', path: '' }], 422, invalidResult('', 'type')),
      UNCHANGED,
    ],
  },
  {
    number: 'G11',
    request: 'PATCH of another media type than JSON Merge Patch, JSON Patch and plain JSON, or of none',
    answer: '415 with Accept-Patch; plain JSON is read as a merge patch',
    section: 'RFC 5789 §2.2, own',
    exchanges: [
      ...[
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/json; charset=latin1' },
        { 'content-type': 'application/merge-patch+json; charset=latin1' },
        {},
      ].map((type) =>
        patch(type as Record<string, string>, { name: 'x' }, 415, {
          code: 'unsupported-patch-type',
          fields: PATCHES_TAKEN,
        }),
      ),
      UNCHANGED,
      patch({ 'content-type': 'Application/Merge-Patch+JSON; charset="UTF-8"' }, { name: 'x' }, 200),
      patch(AS_JSON, { attributes: { thread: null, colour: 'red' } }, 200, {
        content: { name: 'x', attributes: { colour: 'red' }, version: 3 },
      }),
      // A JSON Patch sent by mistake: as a merge patch, an array would replace the item.
      patch(AS_JSON, [{ op: 'remove', path: '/name' }], 422, { code: 'patch-result-invalid' }),
    ],
  },
  {
    number: 'G12',
    request: 'PATCH of an id that does not exist, or no longer exists',
    answer: '404: PATCH does not create',
    section: 'RFC 5789 §2.2',
    exchanges: [
      { ...merge({ name: 'x' }, 404, { code: 'item-not-found' }), send: 'PATCH /items/{X}' },
      { send: 'DELETE /items/{E}', status: 204 },
      merge({ name: 'x' }, 404, { code: 'item-not-found', content: { deletedAt: '2026-01-02T03:04:05.678Z' } }),
    ],
  },
  {
    number: 'G13',
    request: 'PATCH with another tag in If-Match',
    answer: '412, and nothing changes',
    section: 'RFC 5789 §2.2; §13.1.1',
    exchanges: [
      { ...merge({ name: 'x' }, 412), headers: { ...AS_MERGE_PATCH, 'if-match': '"0"' }, code: 'precondition-failed' },
      UNCHANGED,
      { ...merge({ name: 'x' }, 200), headers: { ...AS_MERGE_PATCH, 'if-match': '"{v1}"' }, content: { version: 2 } },
    ],
  },
  {
    number: 'G14',
    request: 'patches of different members at once, without If-Match',
    answer: 'each is applied to the result of the one before: no update is lost',
    section: 'RFC 5789 §2, §2.2',
    provenBy: 'test/e2e/items/patch-item.spec.ts',
  },
  {
    number: 'G15',
    request: 'a patch that changes the id, the version or a time',
    answer: '422; an item never moves',
    section: 'RFC 5789 §2.2, own',
    exchanges: [
      merge({ id: '{X}' }, 422, invalidResult('/id', 'read-only')),
      merge({ version: 7 }, 422, invalidResult('/version', 'read-only')),
      merge({ createdAt: null }, 422, invalidResult('/createdAt', 'read-only')),
      operations([{ op: 'remove', path: '/updatedAt' }], 422, invalidResult('/updatedAt', 'read-only')),
      operations([{ op: 'move', from: '/id', path: '/description' }], 422, invalidResult('/id', 'read-only')),
      UNCHANGED,
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
      merge({ id: '{E}', version: 1, name: 'x' }, 200, { content: { version: 2 } }),
    ],
  },
  {
    number: 'G16',
    request: 'a JSON Patch with an unknown op, and one with unknown members in an operation',
    answer: '400 for the op; the members are ignored',
    section: 'RFC 6902 §4',
    exchanges: [
      operations([{ op: 'merge', path: '/name', value: 'x' }], 400, invalidBody('/0/op', 'enum')),
      UNCHANGED,
      operations([{ op: 'replace', path: '/name', value: 'x', comment: 'why', from: 7 }], 200),
    ],
  },
];
