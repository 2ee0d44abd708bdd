import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../../src/operations.js';
import { bearer, KEYS, testKey } from '../../support/access/known-keys.js';
import type { Caller } from '../../support/caller.js';
import { validRequest } from '../../support/coverage/requests.js';
import { sendRaw } from '../../support/raw-socket.js';
import { said } from '../../support/said.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const OPEN = OPERATIONS.filter(({ scope }) => scope === undefined);

/** Written out, so that an operation whose scope was forgotten does not count as open. */
const OPEN_IDS = [
  'getIndex',
  'getExample',
  'getStatusCodes',
  'listProblemTypes',
  'getProblemType',
  'getOpenApi',
  'getDocs',
  'getDocsAsset',
  'getLiveness',
  'getReadiness',
];

it('no operation is open by mistake', () => {
  expect(OPEN.map(({ id }) => id).sort()).toEqual(OPEN_IDS.toSorted());
});

describe('what is open to all, with AUTH=required', () => {
  let service: TestApp;
  /** Sends no credential. */
  let stranger: Caller;
  beforeAll(async () => {
    service = await startTestApp({ auth: 'required' });
    stranger = service.api.with();
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  it.each([
    ...OPEN.map((operation) => [operation.method, validRequest(operation, 'kept').target, 200] as const),
    ['HEAD', '/', 200],
    ['OPTIONS', '/items', 204],
    ['OPTIONS', '/items/kept', 204],
    ['OPTIONS', '*', 204],
    ['GET', '/nowhere', 404],
    ['PATCH', '/items', 405],
  ] as const)('[L44] %s %s is the same whatever Authorization says: %i', async (method, target, status) => {
    const answers = [];
    for (const field of [undefined, bearer(KEYS.all), bearer(KEYS.stranger), 'Bearer nope', 'Basic eDp5', 'Bearer']) {
      answers.push(await stranger.with(field).call(method, target));
    }
    expect(answers[0]!.status).toBe(status);
    for (const answer of answers) expect(said(answer)).toEqual(said(answers[0]!));
  });

  it('[L48] a rehearsal needs no credential', async () => {
    const headers = { rehearse: '200' };
    for (const field of [undefined, 'Bearer nope', bearer(KEYS.stranger)]) {
      const answer = (await stranger.with(field).get('/items/kept', { headers })).expect(200);
      expect([answer.headers.rehearsed, answer.json.id]).toEqual(['true', 'bolt-m8']);
    }
  });
});

describe('with AUTH=off', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp({ auth: 'off' });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  it('[L45] credentials are not looked at', async () => {
    const plain = await service.api.get('/items/kept');
    for (const field of [bearer(KEYS.all), bearer(testKey([])), 'Bearer', 'Bearer nope', 'Basic eDp5', '']) {
      const caller = service.api.with(field);
      expect(said((await caller.get('/items/kept')).expect(200))).toEqual(said(plain));
      (await caller.put('/items/kept', { name: 'Kept' })).expect(200);
    }
    const doubled =
      'GET /items HTTP/1.1\r\nHost: localhost\r\nAuthorization: a\r\nAuthorization: b\r\nConnection: close\r\n\r\n';
    const [answer] = await sendRaw(service.api.url, 1, doubled);
    answer.expect(400, 'malformed-request');
  });
});
