import { encodeCursor } from '../../../src/http/fields/cursor.js';
import type { Exchange, Row } from '../row.js';

const LAST_MODIFIED = 'Fri, 02 Jan 2026 03:04:05 GMT';

const get = (headers: Record<string, string>, status: number, code?: string): Exchange => ({
  send: 'GET /items/{E}',
  headers,
  status,
  ...(code && { code }),
  ...(status === 304 && { content: '' }),
});

/** A page that can hold only `{E}`. */
const PAGE = `GET /items?limit=1&cursor=${encodeCursor('items', 'existing-I8~')}`;

/** D and I9: conditions on GET and HEAD. */
export const CONDITIONAL_READS: Row[] = [
  {
    number: 'A5',
    request: 'GET of an id that does not exist, with If-None-Match',
    answer: '404, never 304: conditions are judged only if the answer would be a success',
    section: '§13.2.1',
    exchanges: ['"{v1}"', '*'].map((tag) => ({
      send: 'GET /items/{X}',
      headers: { 'if-none-match': tag },
      status: 404,
      code: 'item-not-found',
    })),
  },
  {
    number: 'A9',
    request: 'OPTIONS with conditions',
    answer: 'the answer of OPTIONS: conditions are ignored',
    section: '§13.2.1',
    exchanges: ['"nope"', 'nope'].map((tag) => ({
      send: 'OPTIONS /items/{E}',
      headers: { 'if-match': tag },
      status: 204,
      fields: { allow: /GET/ },
    })),
  },
  {
    number: 'D5',
    request: 'GET with the current tag in If-None-Match',
    answer: '304 without a body',
    section: '§13.1.2, §15.4.5',
    exchanges: [get({ 'if-none-match': '"{v1}"' }, 304), get({ 'if-none-match': '"0"' }, 200)],
  },
  {
    number: 'D6',
    request: 'GET with the current tag in If-None-Match, weak',
    answer: '304: tags are compared weakly',
    section: '§13.1.2, §8.8.3.2',
    exchanges: [get({ 'if-none-match': 'W/"{v1}"' }, 304)],
  },
  {
    number: 'D7',
    request: 'GET with a list of tags in If-None-Match that has the current one',
    answer: '304',
    section: '§13.1.2',
    exchanges: [get({ 'if-none-match': '"a", "{v1}"' }, 304), get({ 'if-none-match': '"a","b"' }, 200)],
  },
  {
    number: 'D8',
    request: 'GET with If-None-Match: *',
    answer: '304',
    section: '§13.1.2',
    exchanges: [get({ 'if-none-match': '*' }, 304)],
  },
  {
    number: 'D9',
    request: 'HEAD with the current tag in If-None-Match',
    answer: '304',
    section: '§13.1.2',
    exchanges: [{ ...get({ 'if-none-match': '"{v1}"' }, 304), send: 'HEAD /items/{E}' }],
  },
  {
    number: 'D10',
    request: 'any request that is answered 304',
    answer: 'the ETag, Date and Cache-Control of the 200',
    section: '§15.4.5',
    exchanges: [
      {
        ...get({ 'if-none-match': '"{v1}"' }, 304),
        fields: { etag: '"{v1}"', date: /GMT$/, 'cache-control': 'private, no-cache, no-transform' },
      },
    ],
  },
  {
    number: 'D11',
    request: 'any request that is answered 304',
    answer: 'no other field about the body',
    section: '§15.4.5',
    exchanges: [
      {
        ...get({ 'if-none-match': '"{v1}"' }, 304),
        fields: { 'last-modified': null, 'content-type': null, 'content-length': null },
      },
    ],
  },
  {
    number: 'D12',
    request: 'GET with If-None-Match and If-Modified-Since',
    answer: 'the date is ignored',
    section: '§13.1.3',
    exchanges: [
      get({ 'if-none-match': '"0"', 'if-modified-since': LAST_MODIFIED }, 200),
      get({ 'if-none-match': '"{v1}"', 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 304),
    ],
  },
  {
    number: 'D13',
    request: 'GET with If-Modified-Since that is not a date',
    answer: '200: it is ignored',
    section: '§13.1.3',
    exchanges: [get({ 'if-modified-since': 'yesterday' }, 200), get({ 'if-modified-since': '2150-01-01' }, 200)],
  },
  {
    number: 'D14',
    request: 'GET with another tag in If-Match',
    answer: '412 problem',
    section: '§13.1.1, §13.2.2',
    exchanges: [get({ 'if-match': '"0"' }, 412, 'precondition-failed')],
  },
  {
    number: 'D15',
    request: 'GET with the current tag in If-Match and in If-None-Match',
    answer: '304: If-Match holds, then If-None-Match is judged',
    section: '§13.2.2',
    exchanges: [
      get({ 'if-match': '"{v1}"', 'if-none-match': '"{v1}"' }, 304),
      get({ 'if-match': '"0"', 'if-none-match': '"{v1}"' }, 412, 'precondition-failed'),
    ],
  },
  {
    number: 'D16',
    request: 'If-Match or If-None-Match that is not a list of entity-tags, or an empty one',
    answer: 'GET and HEAD ignore it; 400 problem that names the field on every change',
    section: '§8.8.3, own',
    exchanges: ['1', '"1', 'w/"1"', '"1" "2"', '', '*, "1"'].flatMap((value) =>
      ['If-Match', 'If-None-Match'].flatMap((header) => {
        const headers = { [header]: value };
        const refused = { headers, status: 400, code: 'malformed-precondition' };
        return [
          get(headers, 200),
          { send: 'HEAD /items/{E}', headers, status: 200 },
          { send: PAGE, headers, status: 200 },
          ...['POST /items', 'PUT /items/{E}', 'PATCH /items/{E}', 'DELETE /items/{E}'].map((send) => ({
            send,
            ...refused,
            content: { errors: [{ header, rule: 'entity-tags' }] },
          })),
        ];
      }),
    ),
  },
  {
    number: 'D17',
    request: 'GET of an item, and again with If-Modified-Since',
    answer: 'Last-Modified, not later than Date; 304 with this date',
    section: '§8.8.2.1, §13.1.3',
    exchanges: [
      { ...get({}, 200), fields: { 'last-modified': LAST_MODIFIED } },
      get({ 'if-modified-since': LAST_MODIFIED }, 304),
      get({ 'if-modified-since': 'Fri, 02 Jan 2026 03:04:04 GMT' }, 200),
    ],
  },
  {
    number: 'D21',
    request: 'GET of the OpenAPI document, of Swagger UI, or of a page about problems or status codes, again',
    answer:
      'a strong ETag of its bytes; 304 with it in If-None-Match, 412 with another in If-Match; names of files of ' +
      'Swagger UI contain a hash of the file, and another hash gets 404',
    section: '§13.1.1, §13.1.2, own',
    provenBy: 'test/e2e/reference/kept-content.spec.ts',
  },
  {
    number: 'D24',
    request: 'any condition with a tag of a change that was lost when a backup of the database was restored',
    answer: '200 for GET, 412 for If-Match, although the version of the tag exists again',
    section: '§8.8.1, own',
    provenBy: 'test/e2e/database/restored-backup.spec.ts',
  },
  {
    number: 'I9',
    request: 'GET of a page with its tag in If-None-Match',
    answer: '304 as long as nothing on the page changed; the tag depends on the query',
    section: '§13.1.2',
    exchanges: [
      { send: PAGE, status: 200, fields: { etag: /^W\/"[\w-]+"$/ }, content: { items: [{ id: '{E}' }] } },
      { send: PAGE, headers: { 'if-none-match': '*' }, status: 304, fields: { etag: /^W\// }, content: '' },
      { send: PAGE, headers: { 'if-none-match': 'W/"another"' }, status: 200 },
    ],
  },
];
