import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../src/contract/operation.js';
import { OPERATIONS } from '../../../src/operations.js';
import { bearer } from '../../support/access/known-keys.js';
import { validRequest } from '../../support/coverage/requests.js';
import { said } from '../../support/said.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import type { SigningKey } from '../../support/tokens/signing-key.js';
import { TokenIssuer } from '../../support/tokens/token-issuer.js';

const SCOPED = OPERATIONS.filter(({ scope }) => scope !== undefined);
const named = (operations: Operation[]) =>
  operations.map((operation) => [operation.method, operation.path, operation] as const);

describe('with AUTH=required and JWT_ISSUER', () => {
  let issuer: TokenIssuer;
  let service: TestApp;
  let signer: SigningKey;
  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    signer = issuer.newKey('ES256', 'a');
    service = await startTestApp({ auth: 'required', jwt: issuer.jwt });
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(async () => {
    await service?.close();
    await issuer?.close();
  });
  const withToken = (claims: Record<string, unknown> = {}, { clock, api } = service) =>
    api.with(bearer(signer.token(issuer.claims(clock.now, claims))));

  it('[L3] a token is judged by its scopes, as a key is', async () => {
    const reader = withToken();
    (await reader.get('/items/kept')).expect(200);
    (await reader.delete('/items/kept')).expect(403, 'insufficient-scope');
    (await withToken({ scope: 'items:read items:write' }).put('/items/kept', { name: 'x' })).expect(200);
    (await service.api.get('/items/kept')).expect(200);
  });

  it('[L2] 401 for a token that is expired or has another issuer, as for any bad credential', async () => {
    const known = said(await service.api.with('Bearer nope').get('/items/kept'));
    for (const claims of [{ exp: 1 }, { iss: 'https://other.example' }, { aud: 'other' }]) {
      const answer = (await withToken(claims).get('/items/kept')).expect(401, 'invalid-token');
      expect(said(answer)).toEqual(known);
    }
  });

  describe('that gives no keys', () => {
    let waiting: TestApp;
    beforeAll(async () => {
      issuer.answer = (response) => void response.writeHead(500).end();
      waiting = await startTestApp({ auth: 'required', jwt: issuer.jwt });
      (await waiting.api.put('/items/kept', { name: 'Kept' })).expect(201);
    });
    afterAll(() => waiting?.close());

    it.each(named(SCOPED))('503 to %s %s with a token; keys work', async (_method, _path, operation) => {
      const { target, ...options } = validRequest(operation, 'kept');
      const caller = withToken({ scope: 'items:read items:write' }, waiting);
      const answer = (await caller.call(operation.method, target, options)).expect(503, 'token-keys-unavailable');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      (await waiting.api.get('/items/kept')).expect(200);
    });
  });
});
