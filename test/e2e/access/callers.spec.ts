import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, KEYS } from '../../support/access/known-keys.js';
import { issueKey, withIssuedKeys } from '../../support/access/api-keys.js';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import type { SigningKey } from '../../support/tokens/signing-key.js';
import { TokenIssuer } from '../../support/tokens/token-issuer.js';

describe('the caller of a change, with AUTH=required', () => {
  let issuer: TokenIssuer;
  let service: TestApp;
  let signer: SigningKey;
  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    signer = issuer.newKey('ES256', 'a');
    service = await startTestApp({ auth: 'required', jwt: issuer.jwt });
  });
  afterAll(async () => {
    await service?.close();
    await issuer?.close();
  });

  const tokenOf = (sub: string) =>
    signer.token(issuer.claims(service.clock.now, { sub, scope: 'items:read items:write' }));
  /** Creates the item under the key, as the holder of this credential. */
  const create = (credential: string, id: string, key: string) =>
    service.api
      .with(bearer(credential))
      .post('/items', { id, name: 'secret' }, { headers: { 'idempotency-key': key, 'x-request-id': `${id}-${key}` } });
  const actorsOf = async (id: string) => {
    const statement = `SELECT actor FROM item_versions WHERE item_id = '${id}' ORDER BY seq`;
    return (await queryDirectly(service.config.database, statement)).map(({ actor }) => actor);
  };

  it('stands in the version and in the log, for a key and for a token, and the credential does not', async () => {
    const subject = 'élise|"a" \u{1f600}';
    const credentials = {
      [`key:${KEYS.all.id}`]: KEYS.all.text,
      [`jwt:${issuer.issuer}|${subject}`]: tokenOf(subject),
    };
    for (const [n, [caller, credential]] of Object.entries(credentials).entries()) {
      (await create(credential, `by-${n}`, 'k')).expect(201);
      expect(await actorsOf(`by-${n}`)).toEqual([caller]);
      const isOfRequest = ({ requestId }: Record<string, unknown>) => requestId === `by-${n}-k`;
      while (!service.log.some(isOfRequest)) await service.api.get('/example');
      expect(service.log.filter(isOfRequest)).toEqual([expect.objectContaining({ caller, status: 201 })]);
      expect(JSON.stringify(service.log)).not.toContain(credential);
    }
  });

  it('stands in the log of a 403; it is anonymous in that of a 401 and of an operation that is open to all', async () => {
    const get = (target: string, credential: string, requestId: string) =>
      service.api.with(bearer(credential)).get(target, { headers: { 'x-request-id': requestId } });
    (await get('/items', KEYS.stranger.text, 'of-403')).expect(403, 'insufficient-scope');
    (await get('/items', 'nope', 'of-401')).expect(401, 'invalid-token');
    (await get('/example', KEYS.all.text, 'of-open')).expect(200);
    const lines = () => service.log.filter(({ requestId }) => String(requestId).startsWith('of-'));
    while (lines().length < 3) await service.api.get('/example');
    expect(lines().map(({ status, caller }) => [status, caller])).toEqual([
      [403, `key:${KEYS.stranger.id}`],
      [401, 'anonymous'],
      [200, 'anonymous'],
    ]);
  });

  it('[M6] has Idempotency-Keys of its own, also beside callers with the same subject or with another key', async () => {
    const others = [KEYS.all.text, (await issueKey(service)).text, tokenOf('alice'), tokenOf('Alice')];
    const first = (await create(others[0]!, 'own', 'same')).expect(201);
    for (const credential of others.slice(1)) {
      const answer = (await create(credential, 'own', 'same')).expect(409, 'item-exists');
      expect(answer.text).not.toContain('secret');
    }
    expect((await create(others[0]!, 'own', 'same')).expect(201).text).toBe(first.text);
    // The token of the next hour is another text of the same caller.
    const [token, next] = [tokenOf('bob'), tokenOf('bob')];
    expect(next).not.toBe(token);
    (await create(token, 'of-bob', 'same')).expect(201);
    expect((await create(next, 'of-bob', 'same')).expect(201).headers['idempotency-replayed']).toBe('true');
  });

  it('[M6] keeps its Idempotency-Keys when its API key is rotated', async () => {
    const key = await issueKey(service);
    (await create(key.text, 'rotated', 'before')).expect(201);
    const rotated = await withIssuedKeys(service, (keys) => keys.rotate(key.id, false));
    for (const text of [rotated!.text, key.text]) {
      const again = (await create(text, 'rotated', 'before')).expect(201);
      expect(again.headers['idempotency-replayed']).toBe('true');
    }
    expect(await actorsOf('rotated')).toEqual([`key:${key.id}`]);
  });

  it('[M10] has no Idempotency-Keys from the time of AUTH=off', async () => {
    const open = await startTestApp({ auth: 'off', database: service.config.database });
    (await open.api.post('/items', { id: 'open', name: 'x' }, { headers: { 'idempotency-key': 'open' } })).expect(201);
    await open.close();
    expect(await actorsOf('open')).toEqual(['anonymous']);
    (await create(KEYS.all.text, 'open', 'open')).expect(409, 'item-exists');
  });
});
