import { EXISTING, type Exchange, type Row } from '../row.js';

const UNCHANGED: Exchange = { send: 'GET /items/{E}', status: 200, content: { ...EXISTING, version: 1 } };

/** A PUT with conditions. If it is carried out, it makes version 2 of `{E}`. */
const put = (headers: Record<string, string>, status: 200 | 412): Exchange => ({
  send: 'PUT /items/{E}',
  headers,
  json: { name: 'Changed' },
  status,
  ...(status === 412
    ? { code: 'precondition-failed', content: { currentVersion: 1 } }
    : { content: { name: 'Changed', version: 2 } }),
});

const failed = (send: string, headers: Record<string, string>, json?: unknown): Exchange => ({
  send,
  headers,
  ...(json !== undefined && { json }),
  status: 412,
  code: 'precondition-failed',
});

/** E16, F, H and A: conditions on POST, PUT and DELETE. */
export const CONDITIONAL_WRITES: Row[] = [
  {
    number: 'A2',
    request: 'DELETE of an id that does not exist, with If-Match',
    answer: '404, not 412: it would have been 404 without the condition',
    section: '§13.2.1',
    exchanges: ['"0"', '*'].map((tag) => ({
      send: 'DELETE /items/{X}',
      headers: { 'if-match': tag },
      status: 404,
      code: 'item-not-found',
    })),
  },
  {
    number: 'A4',
    request: 'PUT of an id that does not exist, with If-Match',
    answer: '412: it would have been 201 without the condition, and nothing is there to match',
    section: '§13.1.1, §13.2.1',
    exchanges: [
      ...['*', '"0"'].map((tag) => failed('PUT /items/{X}', { 'if-match': tag }, { name: 'x' })),
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
    ],
  },
  {
    number: 'A6',
    request: 'PUT of another media type, with If-Match of an old version',
    answer: '415: what the head shows comes before conditions',
    section: '§13.2.1',
    exchanges: [
      {
        send: 'PUT /items/{E}',
        headers: { 'content-type': 'text/plain', 'if-match': '"0"' },
        body: 'x',
        status: 415,
        code: 'unsupported-media-type',
      },
      UNCHANGED,
    ],
  },
  {
    number: 'A7',
    request: 'PUT of a body that breaks the rules, with If-Match of an old version',
    answer: '400: the body is judged before conditions, which are judged inside the write',
    section: '§13.2.1, own',
    exchanges: [
      { send: 'PUT /items/{E}', headers: { 'if-match': '"0"' }, json: {}, status: 400, code: 'invalid-body' },
      UNCHANGED,
    ],
  },
  {
    number: 'E16',
    request: 'POST to the list with If-None-Match: *, or with the tag of the list',
    answer: '412: the list exists; its tag is judged before the write, not in it',
    section: '§13.1.2',
    exchanges: [
      failed('POST /items', { 'if-none-match': '*' }, { id: '{X}', name: 'New' }),
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
      { send: 'POST /items', headers: { 'if-match': '*' }, json: { id: '{X}', name: 'New' }, status: 201 },
    ],
  },
  {
    number: 'F7',
    request: 'PUT with the current tag in If-Match',
    answer: '200, and the version rises',
    section: '§13.1.1',
    exchanges: [put({ 'if-match': '"{v1}"' }, 200)],
  },
  {
    number: 'F8',
    request: 'PUT with another tag in If-Match',
    answer: '412, and nothing changes',
    section: '§13.1.1',
    exchanges: [put({ 'if-match': '"0"' }, 412), UNCHANGED],
  },
  {
    number: 'F9',
    request: 'PUT with the current tag in If-Match, weak or with the suffix that a compressing proxy adds',
    answer: '412: tags are compared strongly; the detail says how the tag was altered, and names the current one',
    section: '§13.1.1, §8.8.3.2',
    exchanges: [
      ...['W/"{v1}"', '"{v1}-gzip"', '"{v1};gzip"', '"{v1}--gzip"', '"{v1}-br"', '"{v1}-df"'].map((tag) => ({
        ...put({ 'if-match': tag }, 412),
        holds: [
          JSON.stringify(`${tag} is the current tag`).slice(1, -1),
          JSON.stringify('or send "{v1}".').slice(1, -1),
        ],
      })),
      { ...put({ 'if-match': 'W/"0"' }, 412), holds: ['version 1 is current'] },
      UNCHANGED,
    ],
  },
  {
    number: 'F10',
    request: 'PUT with a list of tags in If-Match that has the current one',
    answer: '200',
    section: '§13.1.1',
    exchanges: [put({ 'if-match': '"0", "{v1}"' }, 200)],
  },
  {
    number: 'F11',
    request: 'PUT of an existing item with If-Match: *',
    answer: '200',
    section: '§13.1.1',
    exchanges: [put({ 'if-match': '*' }, 200)],
  },
  {
    number: 'F12',
    request: 'PUT with If-Match or If-None-Match of * and a tag',
    answer: '400 problem',
    section: '§13.1.1, own',
    exchanges: ['If-Match', 'If-None-Match'].flatMap((header): Exchange[] => [
      {
        send: 'PUT /items/{E}',
        headers: { [header]: '*, "{v1}"' },
        json: { name: 'Changed' },
        status: 400,
        code: 'malformed-precondition',
        content: { errors: [{ header }] },
      },
      UNCHANGED,
    ]),
  },
  {
    number: 'F13',
    request: 'PUT of an id that does not exist, or no longer exists, with If-None-Match: *',
    answer: '201',
    section: '§13.1.2',
    exchanges: [
      { send: 'PUT /items/{X}', headers: { 'if-none-match': '*' }, json: { name: 'New' }, status: 201 },
      { send: 'DELETE /items/{X}', status: 204 },
      { send: 'PUT /items/{X}', headers: { 'if-none-match': '*' }, json: { name: 'New' }, status: 201 },
    ],
  },
  {
    number: 'F14',
    request: 'PUT of an existing item with If-None-Match: *',
    answer: '412: this PUT only creates',
    section: '§13.1.2',
    exchanges: [put({ 'if-none-match': '*' }, 412), UNCHANGED],
  },
  {
    number: 'F15',
    request: 'ten different PUTs at once, with the same current tag in If-Match',
    answer: 'one 200 and nine 412, also across processes',
    section: '§13.1.1',
    provenBy: 'test/e2e/http/conditional-write.spec.ts',
  },
  {
    number: 'F16',
    request: 'ten PUTs at once of an id that does not exist, with If-None-Match: *',
    answer: 'one 201 and nine 412, also across processes',
    section: '§13.1.2',
    provenBy: 'test/e2e/http/conditional-write.spec.ts',
  },
  {
    number: 'F17',
    request: 'PUT with a date in If-Unmodified-Since that is earlier than Last-Modified',
    answer: '412; the same second passes; ignored if it is not a date or If-Match is sent',
    section: '§13.1.4',
    exchanges: [
      put({ 'if-unmodified-since': 'Fri, 02 Jan 2026 03:04:04 GMT' }, 412),
      put({ 'if-unmodified-since': 'Fri, 02 Jan 2026 03:04:05 GMT' }, 200),
      put({ 'if-unmodified-since': 'long ago' }, 200),
      { send: 'GET /items/{E}', status: 200 },
      {
        send: 'PUT /items/{E}',
        headers: { 'if-match': '"{v2}"', 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
        json: { name: 'Third' },
        status: 200,
        content: { version: 3 },
      },
    ],
  },
  {
    number: 'F18',
    request:
      'with REQUIRE_PRECONDITIONS: PUT without If-Match and If-None-Match, DELETE or PATCH of an item without ' +
      'If-Match',
    answer: '428 problem that says what to do; 404 for DELETE and PATCH if there is no item; dates do not count',
    section: 'RFC 6585 §3',
    provenBy: 'test/e2e/http/conditional-write.spec.ts',
  },
  {
    number: 'F19',
    request: 'any request on an item that is answered 412',
    answer: 'a problem with currentVersion',
    section: '§15.5.13',
    exchanges: [
      { send: 'PUT /items/{E}', json: { name: 'Second' }, status: 200 },
      { ...failed('PUT /items/{E}', { 'if-match': '"{v1}"' }, { name: 'x' }), content: { currentVersion: 2 } },
      { ...failed('DELETE /items/{E}', { 'if-match': '"{v1}"' }), content: { currentVersion: 2 } },
      { ...failed('GET /items/{E}', { 'if-match': '"{v1}"' }), content: { currentVersion: 2 } },
    ],
  },
  {
    number: 'F20',
    request: 'PUT again with the same If-Match, after its answer was lost',
    answer: '412',
    section: '§13.1.1',
    exchanges: [
      put({ 'if-match': '"{v1}"' }, 200),
      { ...failed('PUT /items/{E}', { 'if-match': '"{v1}"' }, { name: 'Changed' }), content: { currentVersion: 2 } },
    ],
  },
  {
    number: 'H4',
    request: 'DELETE with another tag in If-Match',
    answer: '412, and the item is still there',
    section: '§13.1.1',
    exchanges: [failed('DELETE /items/{E}', { 'if-match': '"0"' }), UNCHANGED],
  },
  {
    number: 'H5',
    request: 'DELETE with the current tag in If-None-Match',
    answer: '412',
    section: '§13.1.2',
    exchanges: [failed('DELETE /items/{E}', { 'if-none-match': '"{v1}"' }), UNCHANGED],
  },
];
