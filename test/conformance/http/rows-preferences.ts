import { tagOfVersion } from '../../support/entity-tags.js';
import { AS_MERGE_PATCH, type Exchange, type Row } from '../row.js';

const NEW = { id: '{X}', name: 'New' };
const EMPTY = {
  'content-length': '0',
  'content-type': null,
  'preference-applied': 'return=minimal',
};
const put = (prefer: string, status: number, more: Partial<Exchange> = {}): Exchange => ({
  send: 'PUT /items/{E}',
  headers: { prefer },
  json: { name: 'Newer' },
  status,
  ...more,
});

/** O: preferences. */
export const PREFERENCES: Row[] = [
  {
    number: 'O1',
    request: 'an unknown or unreadable preference',
    answer: 'it is ignored',
    section: 'RFC 7240 §2',
    exchanges: ['respond-async, wait=10', 'handling=strict', 'return=none', '"'].map((prefer) =>
      put(prefer, 200, { fields: { 'preference-applied': null } }),
    ),
  },
  {
    number: 'O2',
    request: 'POST, PUT or PATCH with Prefer: return=minimal',
    answer: '201 without a body for a new item, otherwise 204; Preference-Applied says so',
    section: 'RFC 7240 §3, §4.2',
    exchanges: [
      {
        send: 'POST /items',
        headers: { prefer: 'return=minimal' },
        json: NEW,
        status: 201,
        fields: { location: '/items/{X}', 'content-location': null, 'preference-applied': 'return=minimal' },
        content: '',
      },
      put('return=minimal', 204, { fields: { 'preference-applied': 'return=minimal' }, content: '' }),
      {
        send: 'PATCH /items/{E}',
        headers: { ...AS_MERGE_PATCH, prefer: 'return=minimal' },
        body: '{"name":"Newest"}',
        status: 204,
        fields: { etag: tagOfVersion(3), 'preference-applied': 'return=minimal' },
        content: '',
      },
    ],
  },
  {
    number: 'O3',
    request: 'POST, PUT or PATCH with Prefer: return=representation',
    answer: 'the item with Content-Location',
    section: 'RFC 7240 §4.2',
    exchanges: [
      put('return=representation', 200, {
        fields: { 'content-location': '/items/{E}', 'preference-applied': 'return=representation' },
        content: { name: 'Newer' },
      }),
    ],
  },
  {
    number: 'O4',
    request: 'the same preference twice',
    answer: 'the first counts',
    section: 'RFC 7240 §2',
    exchanges: [put('return=minimal, return=representation', 204), put('return=representation, return=minimal', 200)],
  },
  {
    number: 'O5',
    request: 'POST, PUT or PATCH, which follow Prefer',
    answer: 'Vary has Prefer, also if none was sent or the request is refused',
    section: 'RFC 7240 §2',
    exchanges: [
      put('', 200, { fields: { vary: /\bPrefer\b/ } }),
      put('return=minimal', 204, { fields: { vary: /\bPrefer\b/ } }),
      {
        send: 'PATCH /items/{X}',
        headers: AS_MERGE_PATCH,
        body: '{}',
        status: 404,
        code: 'item-not-found',
        fields: { vary: /\bPrefer\b/ },
      },
    ],
  },
  {
    number: 'O6',
    request: 'POST or PUT of a new item with Prefer: return=minimal',
    answer: '201 with Content-Length: 0 and without Content-Type, as the OpenAPI document declares it',
    section: 'RFC 7240 §4.2, RFC 9110 §8.6',
    exchanges: [
      {
        send: 'POST /items',
        headers: { prefer: 'return=minimal' },
        json: NEW,
        status: 201,
        fields: { ...EMPTY, etag: tagOfVersion(1) },
        content: '',
      },
      {
        send: 'PUT /items/{X}-put',
        headers: { prefer: 'return=minimal' },
        json: { name: 'New' },
        status: 201,
        fields: EMPTY,
        content: '',
      },
    ],
  },
];
