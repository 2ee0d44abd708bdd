import { tagOfVersion } from '../support/entity-tags.js';
import { gzipSync } from 'node:zlib';
import { SUCCESSES } from './each-kind.js';
import { AS_JSON, type Row } from './row.js';

const NEW = { id: '{X}', name: 'New' };
const NOTHING_WRITTEN = { send: 'GET /items/{X}', status: 404, code: 'item-not-found' };

const ZIPPED = gzipSync('{"id":"c13","name":"New"}');
const BROKEN_GZIP = {
  none: Buffer.from('{"id":"c13","name":"New"}'),
  empty: Buffer.from(' '),
  cutOff: ZIPPED.subarray(0, -1),
  headOnly: ZIPPED.subarray(0, 10),
  damaged: Buffer.concat([ZIPPED.subarray(0, 15), Buffer.from([0xff, 0xff]), ZIPPED.subarray(17)]),
  wrongChecksum: Buffer.concat([ZIPPED.subarray(0, -8), Buffer.alloc(4), ZIPPED.subarray(-4)]),
  followed: Buffer.concat([ZIPPED, Buffer.from('{"id":"c13"}')]),
  followedByZero: Buffer.concat([ZIPPED, Buffer.alloc(1)]),
};

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
    request: 'Accept that a wildcard, a low weight or a more specific range makes fit',
    answer: '200 JSON',
    section: '§12.5.1',
    exchanges: [
      '*/*',
      'application/*',
      'application/json;q=0.1',
      'APPLICATION/JSON; Q=1.000',
      'application/json; charset=utf-8',
      'text/html, */*;q=0.1',
      'application/*;q=0, application/json;q=0.001',
      '*/*;q=0,application/*;q=0,application/json',
      ', text/html;level="1,2;q=0" ,,application/json,',
    ].map((accept) => ({
      send: 'GET /items/{E}',
      headers: { accept },
      status: 200,
      fields: { 'content-type': /^application\/json/ },
    })),
  },
  {
    number: 'C3',
    request: 'Accept without a type that the resource has',
    answer: '406 problem with the types on offer',
    section: '§12.4.1, §15.5.7',
    exchanges: [
      ...['text/html', 'image/*', 'text/*, application/xml;q=0.9', 'application/json;version=2'].map((accept) => ({
        send: 'GET /items/{E}',
        headers: { accept },
        status: 406,
        code: 'not-acceptable',
        content: { mediaTypes: ['application/json'] },
      })),
      {
        send: 'GET /docs',
        headers: { accept: 'application/json' },
        status: 406,
        code: 'not-acceptable',
        content: { mediaTypes: ['text/html'] },
      },
      { send: 'HEAD /items/{E}', headers: { accept: 'text/html' }, status: 406, content: '' },
      { send: 'GET /items/{X}', headers: { accept: 'text/html' }, status: 406, code: 'not-acceptable' },
      { send: 'OPTIONS /items', headers: { accept: 'text/html' }, status: 204 },
      { send: 'DELETE /items/{E}', headers: { accept: 'text/html' }, status: 204 },
    ],
  },
  {
    number: 'C4',
    request: 'Accept that excludes JSON by the weight 0 of the most specific range',
    answer: '406 problem',
    section: '§12.4.2, §12.5.1',
    exchanges: [
      'application/json;q=0',
      'application/json;q=0.000, */*',
      '*/*, application/*;q=0',
      'application/*, application/json ; q=0',
      '*/*;q=0',
    ].map((accept) => ({ send: 'GET /items/{E}', headers: { accept }, status: 406, code: 'not-acceptable' })),
  },
  {
    number: 'C5',
    request: 'POST or PUT with Accept without JSON',
    answer: '406 problem; nothing written',
    section: '§15.5.7, own',
    exchanges: [
      ...['POST /items', 'PUT /items/{X}'].map((send) => ({
        send,
        headers: { accept: 'text/html' },
        json: NEW,
        status: 406,
        code: 'not-acceptable',
      })),
      NOTHING_WRITTEN,
    ],
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
    request: 'Accept that can’t be parsed, or is empty, as a list without elements is',
    answer: 'as without it',
    section: '§12.5.1, own',
    exchanges: [
      ';;;',
      'json',
      'text/html;q=nine',
      'text/html;q=1.5',
      'text/html;q=0.1234',
      'text/html;level="1',
      'text/html application/xml',
      '"',
      '',
      ',',
      ' ,, ,',
    ].map((accept) => ({
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
    request: 'content in another coding than gzip',
    answer: '415 with Accept-Encoding: gzip; nothing written',
    section: '§8.4, §12.5.3, §15.5.16',
    exchanges: [
      ...['br', 'zstd', 'deflate', 'gzip, gzip', 'unknown'].map((coding) => ({
        send: 'POST /items',
        headers: { ...AS_JSON, 'content-encoding': coding },
        json: NEW,
        status: 415,
        code: 'unsupported-content-coding',
        fields: { 'accept-encoding': 'gzip', accept: null },
      })),
      NOTHING_WRITTEN,
      { send: 'POST /items', headers: { 'content-encoding': 'identity' }, json: NEW, status: 201 },
    ],
  },
  {
    number: 'C13',
    request: 'content that is said to be gzip and is not, is damaged, cut off, or followed by other bytes',
    answer: '400 problem; nothing written',
    section: '§15.5.1',
    exchanges: [
      ...Object.values(BROKEN_GZIP).map((body) => ({
        send: 'POST /items',
        headers: { ...AS_JSON, 'content-encoding': 'gzip' },
        body,
        status: 400,
        code: 'malformed-gzip',
      })),
      { send: 'GET /items/c13', status: 404, code: 'item-not-found' },
      {
        send: 'POST /items',
        headers: { ...AS_JSON, 'content-encoding': 'X-GZIP' },
        body: ZIPPED,
        status: 201,
        content: { id: 'c13' },
      },
    ],
  },
  {
    number: 'C14',
    request: 'gzip content that is larger than 1 MiB when it is unpacked',
    answer: '413 problem; nothing written',
    section: '§15.5.14',
    exchanges: [
      ...[1_048_577, 100_000_000].map((length) => ({
        send: 'PUT /items/{X}',
        headers: { ...AS_JSON, 'content-encoding': 'gzip' },
        body: gzipSync('{"name":"New"}'.padEnd(length)),
        status: 413,
        code: 'body-too-large',
        content: { limitBytes: 1_048_576 },
      })),
      NOTHING_WRITTEN,
      {
        send: 'PUT /items/{X}',
        headers: { ...AS_JSON, 'content-encoding': 'gzip' },
        body: gzipSync('{"name":"New"}'.padEnd(1_048_576)),
        status: 201,
      },
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
    number: 'C16',
    request: 'any request to a resource, on all of which Accept chooses between content and 406',
    answer: 'Vary names Accept, whatever the answer',
    section: '§12.5.5; RFC 9205 §4.9.4',
    exchanges: [
      ...SUCCESSES,
      { send: 'HEAD /items/{E}', status: 200 },
      { send: 'GET /items/{X}', status: 404, code: 'item-not-found' },
      { send: 'GET /items/%20', status: 400, code: 'invalid-path' },
      { send: 'TRACE /items', status: 405, code: 'method-not-allowed' },
      { send: 'GET /items', headers: { accept: 'text/html' }, status: 406, code: 'not-acceptable' },
      { send: 'POST /items', json: { id: '{E}', name: 'Second' }, status: 409, code: 'item-exists' },
      { send: 'POST /items', body: '{}', status: 415, code: 'unsupported-media-type' },
    ].map((exchange) => ({ ...exchange, fields: { vary: /\bAccept\b/ } })),
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
        fields: { 'content-encoding': null, etag: tagOfVersion(1) },
      },
    ],
  },
];
