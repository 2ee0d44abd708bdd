import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ADDRESS_RANGES } from '../../../src/config/settings/trusted-proxies.js';
import type { Answer } from '../../support/answer.js';
import { bearer } from '../../support/access/known-keys.js';
import { said } from '../../support/said.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';
import { BAD_TOKENS, SHARED_SECRET, type Forgery } from '../../support/tokens/bad-tokens.js';
import { ALGORITHMS, SigningKey, type Algorithm } from '../../support/tokens/signing-key.js';
import { TokenIssuer, type KeyAnswer } from '../../support/tokens/token-issuer.js';

let addresses = 0;
/** Fields of a request from a new address: an address may have few refused credentials. */
const fromElsewhere = () => ({ 'x-forwarded-for': `198.51.100.${(addresses += 1) % 250}` });

const BROKEN_ISSUERS: [string, KeyAnswer][] = [
  ['500', (response) => void response.writeHead(500).end()],
  ['a page', (response) => void response.end('<!doctype html><p>Sign in')],
  ['no answer', (response) => void response.destroy()],
];

const startWith = (issuer: TokenIssuer) =>
  startTestApp({ auth: 'required', jwt: issuer.jwt, trustedProxies: ADDRESS_RANGES.parse('127.0.0.1') ?? [] });

describe('a JSON Web Token', () => {
  let issuer: TokenIssuer;
  let service: TestApp;
  let forgery: Forgery;
  let refused: ReturnType<typeof said>;
  const send = (token: string, target = '/items/kept'): Promise<Answer> =>
    service.api.with(bearer(token)).get(target, { headers: fromElsewhere() });

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    const keys = Object.fromEntries(ALGORITHMS.map((alg) => [alg, issuer.newKey(alg, alg === 'RS256' ? 'rsa' : alg)]));
    issuer.keys.push(SHARED_SECRET);
    service = await startWith(issuer);
    forgery = {
      issuer,
      keys: keys as Record<Algorithm, SigningKey>,
      stranger: new SigningKey('RS256', 'rsa'),
      claims: (more) => issuer.claims(service.clock.now, more),
      seconds: (fromNow) => Math.floor(service.clock.now.getTime() / 1000) + fromNow,
    };
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
    refused = said((await send('garbage')).expect(401, 'invalid-token'));
  });
  afterAll(async () => {
    await service?.close();
    await issuer?.close();
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('[L60] 200 if it is signed with %s', async (alg) => {
    const token = forgery.keys[alg].token(forgery.claims());
    (await send(token)).expect(200);
    (await send(token)).expect(200);
  });

  it.each(BAD_TOKENS)('[L60] 401 if it is bad: %s', async (_what, make) => {
    const token = make(forgery);
    const lines = service.log.length;
    const answer = (await send(token)).expect(401, 'invalid-token');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="items", error="invalid_token"');
    expect(said(answer)).toEqual(refused);
    const log = JSON.stringify(service.log.slice(lines));
    expect(log).toContain(answer.headers['x-request-id']);
    for (const part of token.split('.').filter(({ length }) => length > 8)) expect(log).not.toContain(part);
  });

  it('[L60] 431 if it is longer than a head may be', async () => {
    const token = forgery.keys.ES256.token(forgery.claims({ more: 'x'.repeat(16_000) }));
    (await send(token)).expect(431, 'header-too-large');
  });

  it('[L60] 401 from the moment on at which it has expired for 30 s', async () => {
    const start = service.clock.now;
    const token = forgery.keys.RS256.token(forgery.claims({ exp: forgery.seconds(10) }));
    (await send(token)).expect(200);
    service.clock.now = new Date((forgery.seconds(40) - 1) * 1000);
    (await send(token)).expect(200);
    service.clock.now = new Date(service.clock.now.getTime() + 1000);
    (await send(token)).expect(401, 'invalid-token');
    service.clock.now = start;
  });

  it('names its caller by issuer and subject', async () => {
    const more = { sub: 'Bölt|1', scope: 'items:read items:write' };
    const writer = service.api.with(bearer(forgery.keys.ES256.token(forgery.claims(more))));
    (await writer.put('/items/mine', { name: 'Mine' }, { headers: fromElsewhere() })).expect(201);
    expect(service.log.at(-1)).toMatchObject({ path: '/items/mine', caller: 'jwt:https://issuer.example|Bölt|1' });
  });
});

describe('the keys of the issuer', () => {
  let issuer: TokenIssuer;
  let service: TestApp | undefined;
  let key: SigningKey;
  beforeEach(async () => {
    issuer = await TokenIssuer.start();
    key = issuer.newKey('ES256', 'first');
  });
  afterEach(async () => {
    await service?.close();
    service = undefined;
    await issuer.close();
  });

  const start = async () => {
    service = await startWith(issuer);
    (await service.api.put('/items/kept', { name: 'Kept' })).expect(201);
    return service;
  };
  let subjects = 0;
  const newToken = (by: SigningKey, { clock }: TestApp) =>
    by.token(issuer.claims(clock.now, { sub: `user-${(subjects += 1)}` }));
  const sendToken = (token: string, { api }: TestApp): Promise<Answer> =>
    api.with(bearer(token)).get('/items/kept', { headers: fromElsewhere() });
  const send = (by: SigningKey, to: TestApp) => sendToken(newToken(by, to), to);
  const pass = ({ clock }: TestApp, seconds: number) => (clock.now = new Date(clock.now.getTime() + seconds * 1000));

  it.each(BROKEN_ISSUERS)(
    '[L61] 503 while there are none (%s); after Retry-After the token gets through',
    async (_what, answer) => {
      issuer.answer = answer;
      const to = await start();
      const token = newToken(key, to);
      const early = (await sendToken(token, to)).expect(503, 'token-keys-unavailable');
      const retryAfter = Number(early.headers['retry-after']);
      expect(early.json.retryable).toBe(true);
      issuer.answer = undefined;
      pass(to, retryAfter);
      (await sendToken(token, to)).expect(200);
    },
  );

  it('[L61] the start does not wait for them, and requests wait for five seconds at most', async () => {
    issuer.answer = () => undefined;
    const asked = issuer.nextAsked();
    const to = await start();
    await asked;
    (await send(key, to)).expect(503, 'token-keys-unavailable');
    expect(issuer.asked).toBe(1);
  });

  it.each(BROKEN_ISSUERS)(
    '[L62] stay as they are when the issuer fails (%s); new ones come when it is back',
    async (_what, answer) => {
      const to = await start();
      const known = newToken(key, to);
      (await sendToken(known, to)).expect(200);
      issuer.answer = answer;
      const next = issuer.newKey('EdDSA', 'second');
      const early = (await send(next, to)).expect(503, 'token-keys-unavailable');
      (await sendToken(known, to)).expect(200);
      (await send(key, to)).expect(200);
      issuer.answer = undefined;
      pass(to, Number(early.headers['retry-after']));
      (await send(next, to)).expect(200);
      expect(to.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
    },
  );

  it('[L62] stay while the issuer is slow: nobody with a known one waits', async () => {
    const to = await start();
    (await send(key, to)).expect(200);
    let answer: (() => void) | undefined;
    issuer.answer = (response) => (answer = () => issuer.answerKeys(response));
    const next = issuer.newKey('EdDSA', 'second');
    const waiting = send(next, to);
    await issuer.nextAsked();
    for (let at = 0; at < 20; at += 1) (await send(key, to)).expect(200);
    answer!();
    (await waiting).expect(200);
  });

  it('[L63] change three times under load without one 401', async () => {
    const to = await start();
    let current = key;
    const load = { isOver: false };
    const statuses = new Map<number, number>();
    const client = async () => {
      while (!load.isOver) {
        const { status } = await send(current, to);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    const clients = Array.from({ length: 20 }, client);
    const answered = () => statuses.get(200) ?? 0;
    const until = async (count: number) => {
      while (answered() < count) await new Promise(setImmediate);
    };
    const enough = sized(40, 200);
    for (const kid of ['second', 'third', 'fourth']) {
      await until(answered() + enough);
      // The last key stays while requests with its tokens are on their way.
      issuer.keys = issuer.keys.slice(-1);
      current = issuer.newKey('ES256', kid);
      await until(answered() + enough);
      pass(to, 30);
    }
    load.isOver = true;
    await Promise.all(clients);
    expect([...statuses.keys()]).toEqual([200]);
    expect(issuer.asked).toBe(4);
  });

  it('[L64] 401 to a flood of tokens with unknown ones, for which the issuer is asked every 30 s at most', async () => {
    const to = await start();
    (await send(key, to)).expect(200);
    const unknown = Array.from({ length: sized(10, 40) }, (_, at) => new SigningKey('EdDSA', `unknown-${at}`));
    const flood = async () => {
      for (const answer of await Promise.all(unknown.map((one) => send(one, to)))) answer.expect(401, 'invalid-token');
    };
    const asked: number[] = [];
    for (const seconds of [0, 29, 1, 29, 1]) {
      pass(to, seconds);
      await flood();
      asked.push(issuer.asked);
    }
    expect(asked).toEqual([2, 2, 3, 3, 4]);
    (await send(key, to)).expect(200);
  });

  it('[L63] one that is withdrawn stops working, also for tokens that it had verified', async () => {
    const to = await start();
    const known = newToken(key, to);
    (await sendToken(known, to)).expect(200);
    issuer.keys = [];
    (await send(issuer.newKey('RS256', 'second'), to)).expect(200);
    (await sendToken(known, to)).expect(401, 'invalid-token');
  });
});
