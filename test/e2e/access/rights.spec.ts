import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemsOf, type Operation } from '../../../src/contract/operation.js';
import { OPERATIONS } from '../../../src/operations.js';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import type { Caller } from '../../support/caller.js';
import { validRequest } from '../../support/coverage/requests.js';
import { sendRaw } from '../../support/raw-socket.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const SCOPED = OPERATIONS.filter(({ scope }) => scope !== undefined);
const named = (operations: Operation[]) =>
  operations.map((operation) => [operation.method, operation.path, operation] as const);

it('every operation with a scope declares the refusals of access, and no other one does', () => {
  const codes = ['unauthenticated', 'invalid-token', 'insufficient-scope', 'token-keys-unavailable'];
  const declared = OPERATIONS.map((operation) => {
    const given = problemsOf(operation).map(({ type }) => type.code);
    return [operation.id, codes.filter((code) => given.includes(code))];
  });
  expect(declared).toEqual(OPERATIONS.map(({ id, scope }) => [id, scope === undefined ? [] : codes]));
});

describe('a right, with AUTH=required', () => {
  let service: TestApp;
  /** Sends no credential. */
  let stranger: Caller;
  beforeAll(async () => {
    service = await startTestApp({ auth: 'required' });
    stranger = service.api.with();
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  const send = (caller: Caller, operation: Operation) => {
    const { target, ...options } = validRequest(operation, 'kept');
    return caller.call(operation.method, target, options);
  };

  it.each(named(SCOPED))('[L3] 403 to %s %s with a key that lacks its scope', async (_method, _path, operation) => {
    const answer = (await send(stranger.with(bearer(KEYS.stranger)), operation)).expect(403, 'insufficient-scope');
    const { scope } = operation;
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer realm="items", error="insufficient_scope", scope="${scope}"`,
    );
    expect(answer.json).toMatchObject({ scope });
  });

  it('[L3] a key that reads does not write', async () => {
    const reader = stranger.with(bearer(KEYS.reader));
    (await reader.get('/items/kept')).expect(200);
    (await reader.get('/items')).expect(200);
    (await reader.call('HEAD', '/items/kept')).expect(200);
    (await reader.put('/items/kept', { name: 'x' })).expect(403, 'insufficient-scope');
    (await reader.delete('/items/kept')).expect(403, 'insufficient-scope');
  });

  it.each([
    ['401 without a credential', undefined, 401, 'unauthenticated'],
    ['401 with a bad one', 'Bearer nope', 401, 'invalid-token'],
    ['403 without the right', bearer(KEYS.stranger), 403, 'insufficient-scope'],
  ] as const)('[A8] %s is answered before a failed condition and everything else', async (_, field, status, code) => {
    const caller = stranger.with(field);
    (await caller.delete('/items/kept', { headers: { 'if-match': '"0"' } })).expect(status, code);
    (await caller.delete('/items/none', { headers: { 'if-match': 'no tag' } })).expect(status, code);
    (await caller.get('/items/%20?nope=1', { headers: { accept: 'text/html', expect: 'x' } })).expect(status, code);
    (await caller.call('PATCH', '/items/kept', { body: '{', headers: { 'content-type': 'x/y' } })).expect(status, code);
    (await caller.post('/items', { id: 'kept' }, { headers: { 'idempotency-key': '"' } })).expect(status, code);
    (await service.api.get('/items/kept')).expect(200);
  });

  it.each([
    ['L1', '', 'unauthenticated', 401],
    ['L2', 'Authorization: Bearer nope\r\n', 'invalid-token', 401],
    ['L3', `Authorization: ${bearer(KEYS.stranger)}\r\n`, 'insufficient-scope', 403],
  ] as const)('[L47] [%s] is answered before the body is read, and without 100', async (row, field, code, status) => {
    const head = (fields: string) =>
      `POST /items HTTP/1.1\r\nHost: localhost\r\n${field}Content-Type: application/json\r\n${fields}\r\n`;
    const [expecting] = await sendRaw(service.api.url, 1, head('Expect: 100-continue\r\nContent-Length: 9\r\n'));
    proves(row);
    expecting.expect(status, code);
    proves('L47');
    // What it does not read is not taken for a request.
    const next = 'GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    const [refused, answered] = await sendRaw(
      service.api.url,
      2,
      `${head(`Content-Length: ${next.length}\r\n`)}${next}`,
      next,
    );
    refused.expect(status, code);
    answered.expect(200);
  });
});
