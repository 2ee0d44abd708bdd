import { AS_JSON, type Row } from './row.js';

const NEW = { id: '{X}', name: 'New' };
const NOTHING_WRITTEN = { send: 'GET /items/{X}', status: 404, code: 'item-not-found' };

/** C: which content is sent and which is read. */
export const NEGOTIATION: Row[] = [
  {
    number: 'C1',
    request: 'GET without Accept',
    answer: '200 JSON',
    section: '§12.5.1',
    exchanges: [{ send: 'GET /items/{E}', status: 200, fields: { 'content-type': /^application\/json/ } }],
  },
  {
    number: 'C2',
    request: 'Accept that a wildcard or a low weight makes fit',
    answer: '200 JSON',
    section: '§12.5.1',
    exchanges: ['*/*', 'application/*', 'application/json;q=0.1', 'text/html, */*;q=0.1'].map((accept) => ({
      send: 'GET /items/{E}',
      headers: { accept },
      status: 200,
      fields: { 'content-type': /^application\/json/ },
    })),
  },
  {
    number: 'C6',
    request: 'a request that fails, whose Accept does not name application/problem+json',
    answer: 'the problem all the same',
    section: '§12.4.1; RFC 9457 §3',
    exchanges: [
      {
        send: 'GET /items/{X}',
        headers: { accept: 'application/json' },
        status: 404,
        code: 'item-not-found',
        fields: { 'content-type': 'application/problem+json' },
      },
    ],
  },
  {
    number: 'C7',
    request: 'Accept that can’t be parsed',
    answer: 'as without it',
    section: '§12.5.1, own',
    exchanges: [';;;', 'json', 'application/json;q=nine', '"'].map((accept) => ({
      send: 'GET /items/{E}',
      headers: { accept },
      status: 200,
      content: { id: '{E}' },
    })),
  },
  {
    number: 'C8',
    request: 'POST or PUT with content of another type than JSON',
    answer: '415 with Accept: application/json; nothing written',
    section: '§15.5.16, §12.5.1',
    exchanges: [
      ...['POST /items', 'PUT /items/{X}'].map((send) => ({
        send,
        headers: { 'content-type': 'text/plain' },
        body: '{"id":"{X}","name":"New"}',
        status: 415,
        code: 'unsupported-media-type',
        fields: { accept: 'application/json' },
      })),
      NOTHING_WRITTEN,
    ],
  },
  {
    number: 'C9',
    request: 'POST or PUT with content and without Content-Type',
    answer: '415 with Accept: application/json; nothing written',
    section: '§8.3, §15.5.16, own',
    exchanges: [
      ...['POST /items', 'PUT /items/{X}'].map((send) => ({
        send,
        body: '{"id":"{X}","name":"New"}',
        status: 415,
        code: 'unsupported-media-type',
        fields: { accept: 'application/json' },
      })),
      NOTHING_WRITTEN,
    ],
  },
  {
    number: 'C10',
    request: 'application/json with charset=utf-8',
    answer: 'read as JSON; 400 when a byte order mark stands before the text',
    section: 'RFC 8259 §8.1, §11',
    exchanges: [
      {
        send: 'POST /items',
        headers: { 'content-type': 'Application/JSON; charset=utf-8' },
        body: '\uFEFF{"id":"{X}","name":"New"}',
        status: 400,
        code: 'malformed-json',
        content: { position: 0 },
      },
      { send: 'POST /items', headers: { 'content-type': 'application/json; charset=utf-8' }, json: NEW, status: 201 },
      {
        send: 'PUT /items/{E}',
        headers: { 'content-type': 'application/json;charset="UTF-8"' },
        json: NEW,
        status: 409,
        code: 'item-id-differs',
      },
    ],
  },
  {
    number: 'C11',
    request: 'application/json in another charset than UTF-8',
    answer: '415 with Accept: application/json; nothing written',
    section: 'RFC 8259 §8.1, §11, own',
    exchanges: [
      ...['latin1', 'utf-16', '"iso-8859-1"'].map((charset) => ({
        send: 'POST /items',
        headers: { 'content-type': `application/json; charset=${charset}` },
        json: NEW,
        status: 415,
        code: 'unsupported-media-type',
        fields: { accept: 'application/json' },
      })),
      NOTHING_WRITTEN,
    ],
  },
  {
    number: 'C12',
    request: 'content in a coding that is not undone here',
    answer: '415 with the codings that are in Accept-Encoding; nothing written',
    section: '§8.4, §12.5.3, §15.5.16',
    exchanges: [
      ...['br', 'zstd', 'unknown'].map((coding) => ({
        send: 'POST /items',
        headers: { ...AS_JSON, 'content-encoding': coding },
        json: NEW,
        status: 415,
        code: 'unsupported-content-coding',
        fields: { 'accept-encoding': 'identity' },
      })),
      NOTHING_WRITTEN,
      { send: 'POST /items', headers: { 'content-encoding': 'identity' }, json: NEW, status: 201 },
    ],
  },
  {
    number: 'C15',
    request: 'more content than 1 MiB',
    answer: '413 problem that names the limit, and the connection closes; nothing written',
    section: '§15.5.14',
    exchanges: [
      {
        send: 'POST /items',
        headers: AS_JSON,
        body: '{"id":"{X}","name":"New"}'.padEnd(1_100_000),
        status: 413,
        code: 'body-too-large',
        fields: { connection: 'close' },
        content: { limitBytes: 1_048_576 },
      },
      NOTHING_WRITTEN,
      { send: 'PUT /items/{X}', headers: AS_JSON, body: '{"name":"New"}'.padEnd(1_048_576), status: 201 },
    ],
  },
  {
    number: 'C17',
    request: 'GET of an item by a client that takes gzip',
    answer: 'never content-coded, so the strong ETag is always the version',
    section: '§8.8.3.3',
    exchanges: [
      {
        send: 'GET /items/{E}',
        headers: { 'accept-encoding': 'gzip, br' },
        status: 200,
        fields: { 'content-encoding': null, etag: '"1"' },
      },
    ],
  },
];
