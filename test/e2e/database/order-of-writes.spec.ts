import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CallOptions } from '../../support/caller.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

// Row A1 from the syntax of conditions on: each request has the named fault and all later ones that it can have too.

const MERGE = { 'content-type': 'application/merge-patch+json' };
const JSON_TYPE = { 'content-type': 'application/json' };
const STALE = { 'if-match': '"0"' };
const UNREADABLE = { 'if-match': 'no tag' };
const OVER_THE_LIMIT = ' '.repeat(1_048_577);

type Check = [name: string, send: string, options: CallOptions, status: number, code: string];

const OF_PUT: Check[] = [
  ['query before conditions', 'PUT /items/e?x=1', { headers: { ...UNREADABLE }, body: 'x' }, 400, 'invalid-query'],
  [
    'syntax of conditions before length',
    'PUT /items/e',
    { headers: { ...UNREADABLE }, body: OVER_THE_LIMIT },
    400,
    'malformed-precondition',
  ],
  ['length before type', 'PUT /items/e', { headers: { ...STALE }, body: OVER_THE_LIMIT }, 413, 'body-too-large'],
  ['[A6] type before JSON', 'PUT /items/e', { headers: { ...STALE }, body: '{' }, 415, 'unsupported-media-type'],
  ['JSON before its rules', 'PUT /items/e', { headers: { ...STALE, ...JSON_TYPE }, body: '{' }, 400, 'malformed-json'],
  [
    '[A7] rules before conditions',
    'PUT /items/e',
    { headers: { ...STALE }, json: { id: 'other' } },
    400,
    'invalid-body',
  ],
  [
    '412 before 409',
    'PUT /items/e',
    { headers: { ...STALE }, json: { id: 'other', name: 'x' } },
    412,
    'precondition-failed',
  ],
  [
    '[A4] 412 before 409, if there is no item',
    'PUT /items/x',
    { headers: { ...STALE }, json: { id: 'other', name: 'x' } },
    412,
    'precondition-failed',
  ],
  [
    '409 for the id before the version',
    'PUT /items/e',
    { json: { id: 'other', name: 'x', version: 99 } },
    409,
    'item-id-differs',
  ],
  [
    '[F22] 409 for the version alone',
    'PUT /items/e',
    { json: { name: 'x', version: 99 } },
    409,
    'item-version-differs',
  ],
  [
    '[F22] 412 before 409 for the version',
    'PUT /items/e',
    { headers: { ...STALE }, json: { name: 'x', version: 99 } },
    412,
    'precondition-failed',
  ],
];
const OF_PATCH: Check[] = [
  [
    'syntax of conditions before type',
    'PATCH /items/x',
    { headers: { ...UNREADABLE }, body: '{' },
    400,
    'malformed-precondition',
  ],
  ['type before JSON', 'PATCH /items/x', { headers: { ...STALE }, body: '{' }, 415, 'unsupported-patch-type'],
  ['JSON before its rules', 'PATCH /items/x', { headers: { ...STALE, ...MERGE }, body: '{' }, 400, 'malformed-json'],
  [
    'rules before 404',
    'PATCH /items/x',
    { headers: { ...STALE, ...MERGE }, body: '{"__proto__":1}' },
    400,
    'invalid-body',
  ],
  [
    '[A3] 404 before 412',
    'PATCH /items/x',
    { headers: { ...STALE, ...MERGE }, body: '{"name":null}' },
    404,
    'item-not-found',
  ],
  [
    '412 before 422',
    'PATCH /items/e',
    { headers: { ...STALE, ...MERGE }, body: '{"name":null}' },
    412,
    'precondition-failed',
  ],
  [
    '412 before 409',
    'PATCH /items/e',
    { headers: { ...STALE, 'content-type': 'application/json-patch+json' }, body: '[{"op":"remove","path":"/x"}]' },
    412,
    'precondition-failed',
  ],
  [
    '409 before 422',
    'PATCH /items/e',
    {
      headers: { 'content-type': 'application/json-patch+json' },
      body: '[{"op":"remove","path":"/name"},{"op":"remove","path":"/x"}]',
    },
    409,
    'patch-does-not-apply',
  ],
  ['422 alone', 'PATCH /items/e', { headers: { ...MERGE }, body: '{"name":null}' }, 422, 'patch-result-invalid'],
];
const OF_DELETE: Check[] = [
  [
    'syntax of conditions before body',
    'DELETE /items/x',
    { headers: { ...UNREADABLE }, body: 'x' },
    400,
    'malformed-precondition',
  ],
  ['body before 404', 'DELETE /items/x', { headers: { ...STALE }, body: 'x' }, 400, 'unexpected-content'],
  ['[A2] 404 before 412', 'DELETE /items/x', { headers: { ...STALE } }, 404, 'item-not-found'],
  ['412 alone', 'DELETE /items/e', { headers: { ...STALE } }, 412, 'precondition-failed'],
];
const OF_POST: Check[] = [
  [
    'syntax of conditions before type',
    'POST /items',
    { headers: { ...UNREADABLE }, body: '{' },
    400,
    'malformed-precondition',
  ],
  ['rules before conditions', 'POST /items', { headers: { ...STALE }, json: {} }, 400, 'invalid-body'],
  [
    '412 before 409',
    'POST /items',
    { headers: { ...STALE }, json: { id: 'e', name: 'x' } },
    412,
    'precondition-failed',
  ],
  ['409 alone', 'POST /items', { json: { id: 'e', name: 'x' } }, 409, 'item-exists'],
];
const WHERE_REQUIRED: Check[] = [
  ['rules before 428', 'PUT /items/e', { json: { id: 'other' } }, 400, 'invalid-body'],
  ['[F18] 428 before 409', 'PUT /items/e', { json: { id: 'other', name: 'x' } }, 428, 'precondition-required'],
  ['[F18] 428 before 412', 'DELETE /items/e', { headers: { 'if-none-match': '*' } }, 428, 'precondition-required'],
  ['[F18] 404 before 428', 'DELETE /items/x', {}, 404, 'item-not-found'],
  ['[F18] 404 before 428, PATCH', 'PATCH /items/x', { headers: { ...MERGE }, body: '{}' }, 404, 'item-not-found'],
  [
    '[F18] 428 before 422',
    'PATCH /items/e',
    { headers: { ...MERGE }, body: '{"name":null}' },
    428,
    'precondition-required',
  ],
  [
    '[F18] 428 before 412, PATCH',
    'PATCH /items/e',
    {
      headers: { ...MERGE, 'if-none-match': '"1"', 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      body: '{}',
    },
    428,
    'precondition-required',
  ],
];

const GROUPS = [
  { name: 'PUT', settings: {}, checks: OF_PUT },
  { name: 'PATCH', settings: {}, checks: OF_PATCH },
  { name: 'DELETE', settings: {}, checks: OF_DELETE },
  { name: 'POST', settings: {}, checks: OF_POST },
  { name: 'a change where conditions are required', settings: { requirePreconditions: true }, checks: WHERE_REQUIRED },
];

describe.each(GROUPS)('[A1] the earlier fault answers $name', ({ settings, checks }) => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp(settings);
    (await service.api.post('/items', { id: 'e', name: 'Existing' })).expect(201);
  });
  afterAll(() => service?.close());

  it.each(checks)('%s', async (name, send, options, status, code) => {
    const [method = '', target = ''] = send.split(' ');
    const answer = await service.api.call(method, target, options);
    for (const [, row = ''] of `[A1] ${name}`.matchAll(/\[(\w+)\]/g)) {
      proves(row);
      answer.expect(status, code);
    }
    expect((await service.api.get('/items/e')).expect(200).json).toMatchObject({ name: 'Existing', version: 1 });
    (await service.api.get('/items/x')).expect(404, 'item-not-found');
  });
});
