import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADDRESS_RANGES } from '../../../src/config/settings/trusted-proxies.js';
import { newKey } from '../../../src/access/keys/key-text.js';
import type { Operation } from '../../../src/contract/operation.js';
import { OPERATIONS } from '../../../src/operations.js';
import { bearer, KEYS, plantKey, testKey } from '../../support/access/known-keys.js';
import type { CallOptions, Caller } from '../../support/caller.js';
import { validRequest } from '../../support/coverage/requests.js';
import { describeOnServer } from '../../support/database/engine.js';
import { prepareOutage } from '../../support/database/outage.js';
import { sendRaw } from '../../support/raw-socket.js';
import { said } from '../../support/said.js';
import { proves } from '../../support/proof.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const NO_ERROR = 'Bearer realm="items"';
const INVALID = 'Bearer realm="items", error="invalid_token"';

const SCOPED = OPERATIONS.filter(({ scope }) => scope !== undefined);
const named = (operations: Operation[]) =>
  operations.map((operation) => [operation.method, operation.path, operation] as const);

/** The same key with another character in place of one of its secret. */
function mistyped(text: string): string {
  const at = text.length - 10;
  return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
}

let addresses = 0;
/** Fields of a request that comes from a new address: an address may have few refused credentials. */
const fromElsewhere = () => ({ 'x-forwarded-for': `192.0.2.${(addresses += 1)}` });

describe('a credential, with AUTH=required', () => {
  let service: TestApp;
  /** Sends no credential. */
  let stranger: Caller;
  beforeAll(async () => {
    service = await startTestApp({ auth: 'required', trustedProxies: ADDRESS_RANGES.parse('127.0.0.1') ?? [] });
    stranger = service.api.with();
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
  });
  afterAll(() => service?.close());

  const send = (caller: Caller, operation: Operation) => {
    const { target, ...options } = validRequest(operation, 'kept');
    return caller.call(operation.method, target, options);
  };

  it.each(named(SCOPED))('[L1] 401 to %s %s without a credential', async (_method, _path, operation) => {
    const answer = (await send(stranger, operation)).expect(401, 'unauthenticated');
    expect(answer.headers['www-authenticate']).toBe(NO_ERROR);
    expect(answer.json.detail).toContain(operation.scope);
  });

  it('[L1] [L2] [L3] HEAD is judged as GET', async () => {
    proves('L1');
    expect((await stranger.call('HEAD', '/items/kept')).expect(401).headers['www-authenticate']).toBe(NO_ERROR);
    proves('L2');
    expect((await stranger.with('Bearer x').call('HEAD', '/items')).expect(401).headers['www-authenticate']).toBe(
      INVALID,
    );
    proves('L3');
    (await stranger.with(bearer(KEYS.stranger)).call('HEAD', '/items')).expect(403);
  });

  it('[L2] 401 with the same answer for every reason, so it does not tell whether a key existed', async () => {
    const now = service.clock.now;
    const [known, revoked, expired, unknown] = [testKey([]), testKey([]), testKey([]), testKey([])];
    await plantKey(service.app, known, now);
    await plantKey(service.app, revoked, now, { revokedAt: now.toISOString() });
    await plantKey(service.app, expired, now, { expiresAt: now.toISOString() });
    const bad = {
      'an unknown id': unknown.text,
      'a revoked key': revoked.text,
      'an expired key': expired.text,
      'a wrong secret': newKey(known.id),
      'a mistyped key': mistyped(KEYS.all.text),
      'a key that goes on': `${KEYS.all.text}x`,
      'a part of a key': KEYS.all.text.slice(0, -1),
      'two keys': `${KEYS.all.text} ${KEYS.all.text}`,
      'two keys in a list': `${KEYS.all.text}, ${KEYS.all.text}`,
      'a key in quotes': `"${KEYS.all.text}"`,
      nothing: '',
      'a JSON Web Token': 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
      'a long text': 'x'.repeat(12_000),
      'other characters': '\u00fc\u00a0',
    };
    const first = await stranger.with('Bearer nope').get('/items/kept');
    expect(first.expect(401, 'invalid-token').headers['www-authenticate']).toBe(INVALID);
    for (const [reason, text] of Object.entries(bad)) {
      for (const target of ['/items/kept', '/items/never-was']) {
        const answer = (await stranger.with(`Bearer ${text}`).get(target, { headers: fromElsewhere() })).expect(
          401,
          'invalid-token',
        );
        expect([reason, said(answer)]).toEqual([reason, said(first)]);
      }
    }
  });

  it('[L40] a credential in the query does not count, and is shown nowhere', async () => {
    const target = `/items?access_token=${KEYS.all.text}`;
    const answer = (await stranger.get(target)).expect(401, 'unauthenticated');
    expect(answer.headers['www-authenticate']).toBe(NO_ERROR);
    const refused = (await service.api.get(target)).expect(400, 'invalid-query');
    expect(answer.text + refused.text + JSON.stringify(service.log)).not.toContain(KEYS.all.text);
  });

  it.each([
    ['Basic', `Basic ${Buffer.from(`key:${KEYS.all.text}`).toString('base64')}`],
    ['Digest', `Digest username="x", response="${KEYS.all.text}"`],
    ['one whose name begins like it', `Bearerx ${KEYS.all.text}`],
    ['Bearer with another separator', `Bearer:${KEYS.all.text}`],
    ['none', KEYS.all.text],
    ['none, and empty', ''],
  ])('[L41] 401 as without a credential if the scheme is %s', async (_, field) => {
    const answer = (await stranger.with(field).get('/items')).expect(401, 'unauthenticated');
    expect(answer.headers['www-authenticate']).toBe(NO_ERROR);
  });

  it.each(['bearer ', 'BEARER ', 'bEaReR ', 'Bearer     '])(
    '[L42] 200 with the scheme written "%s"',
    async (scheme) => {
      (await stranger.with(`${scheme}${KEYS.all.text}`).get('/items')).expect(200);
    },
  );

  it('[L43] 400 with two Authorization fields, even if both are right', async () => {
    const field = `Authorization: ${bearer(KEYS.all)}\r\n`;
    for (const path of ['/items', '/example']) {
      const [answer] = await sendRaw(
        service.api.url,
        1,
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${field}${field}Connection: close\r\n\r\n`,
      );
      const { detail } = answer.expect(400, 'malformed-request').json;
      expect(detail).toMatch(/more than one authorization field/);
      expect(detail).not.toContain(KEYS.all.text);
    }
  });

  it('[L46] no credential is in the log, in a problem or in X-Request-Id', async () => {
    const texts = [KEYS.all.text, testKey([]).text, 'Zm9vOmJhcg'];
    const sentBy = (text: string) => [`Bearer ${text}`, `Basic ${text}`, text, `Bearer ${text} ${text}`];
    const requests: [method: string, target: string, options: CallOptions][] = [
      ['GET', '/items/kept', {}],
      ['GET', '/items/none', {}],
      ['GET', '/items?nope=1', {}],
      ['GET', '/nowhere', {}],
      ['GET', '/example', {}],
      ['GET', '/items', { headers: { 'x-request-id': 'not an id' } }],
      ['GET', '/items', { headers: { 'x-large': 'x'.repeat(16_384) } }],
      ['GET', '/items', { headers: { rehearse: '500' } }],
      ['POST', '/items', { json: { id: 'kept', name: 'x' } }],
      ['PATCH', '/items', {}],
    ];
    for (const text of texts) {
      for (const field of sentBy(text)) {
        for (const [method, target, options] of requests) {
          const headers = { ...fromElsewhere(), ...options.headers };
          const answer = await stranger.with(field).call(method, target, { ...options, headers });
          expect(answer.text + JSON.stringify(answer.headers)).not.toContain(text);
        }
      }
      await sendRaw(service.api.url, 1, `GET /items HTTP/1.1\r\nAuthorization: Bearer ${text}\r\n: \r\n\r\n`);
      expect(JSON.stringify(service.log)).not.toContain(text);
    }
    expect(service.log.length).toBeGreaterThan(texts.length * requests.length);
  });

  it('[L49] 429 in place of 401 after 30 refused credentials of one address; a good one always passes', async () => {
    const headers = fromElsewhere();
    const guess = () => stranger.with(bearer(testKey([]))).get('/items/kept', { headers });
    for (let n = 0; n < 30; n += 1) (await guess()).expect(401, 'invalid-token');
    const refused = (await guess()).expect(429, 'quota-exceeded');
    expect(refused.json.violatedPolicies).toEqual(['refused-credentials']);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    (await stranger.with('Bearer nope').put('/items/kept', { name: 'x' }, { headers })).expect(429, 'quota-exceeded');
    (await stranger.with('Bearer nope').get('/metrics', { headers })).expect(429, 'quota-exceeded');
    (await service.api.get('/items/kept', { headers })).expect(200);
    (await stranger.with(bearer(KEYS.stranger)).get('/items', { headers })).expect(403, 'insufficient-scope');
    (await stranger.get('/items', { headers })).expect(401, 'unauthenticated');
    (await stranger.with('Bearer nope').get('/items', { headers: fromElsewhere() })).expect(401, 'invalid-token');
  });

  it('keeps the order of pipelined requests while a key is looked up', async () => {
    const key = testKey(['items:read', 'items:write']);
    await plantKey(service.app, key, service.clock.now);
    const message = (method: string, fields = '', body = '') =>
      `${method} /items/in-line HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer(key)}\r\n${fields}` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const answers = await sendRaw(
      service.api.url,
      5,
      message('PUT', '', '{"name":"x"}') + message('GET') + message('DELETE') + message('GET'),
      message('GET', 'Connection: close\r\n'),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 204, 404, 404]);
  });
});

describeOnServer('with AUTH=required, while the database is away', () => {
  it('503 with Retry-After if a key is not at hand; 401 without one; open operations answer', async () => {
    const outage = await prepareOutage();
    const service = await startTestApp({ auth: 'required', database: outage.database });
    const mend = await outage.begin();
    const unknown = service.api.with(bearer(testKey([])));
    for (const caller of [service.api, unknown]) {
      const answer = (await caller.get('/items/kept')).expect(503, 'storage-unavailable');
      expect(answer.headers['retry-after']).toBe('1');
      (await caller.put('/items/kept', { name: 'x' })).expect(503, 'storage-unavailable');
      (await caller.get('/example')).expect(200);
    }
    (await service.api.with().get('/items/kept')).expect(401, 'unauthenticated');
    (await service.api.with('Bearer nope').get('/items/kept')).expect(401, 'invalid-token');
    await mend();
    (await service.api.get('/items')).expect(200);
    (await unknown.get('/items')).expect(401, 'invalid-token');
    await service.close();
    await outage.remove();
  });
});
