import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JwtConfig } from '../../config/settings/jwt-settings.js';
import type { Caller } from '../../contract/caller.js';
import { createLogger } from '../../telemetry/logger.js';
import { BAD_TOKENS, SHARED_SECRET } from '../../../test/support/tokens/bad-tokens.js';
import { SigningKey, type Algorithm } from '../../../test/support/tokens/signing-key.js';
import { TokenIssuer } from '../../../test/support/tokens/token-issuer.js';
import { IssuerKeys } from './issuer-keys.js';
import { Tokens } from './tokens.js';

const START = new Date('2026-01-02T03:04:05.678Z');

describe('Tokens', () => {
  let issuer: TokenIssuer;
  let keys: Record<Algorithm, SigningKey>;
  let stranger: SigningKey;
  /** `now` says what time it is. Both say together how much has passed. */
  let clock: { now: Date; setBackMs: number };
  let log: string;
  let tokens: Tokens;
  let issuerKeys: IssuerKeys;

  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    keys = {
      RS256: issuer.newKey('RS256', 'rsa'),
      PS256: issuer.newKey('PS256', 'pss'),
      ES256: issuer.newKey('ES256', 'ec'),
      ES384: issuer.newKey('ES384', 'ec-384'),
      EdDSA: issuer.newKey('EdDSA', 'ed'),
    };
    issuer.keys.push(SHARED_SECRET);
    stranger = new SigningKey('RS256', 'rsa');
  });
  afterAll(() => issuer.close());

  beforeEach(() => {
    clock = { now: START, setBackMs: 0 };
    log = '';
    tokens = startTokens(issuer.jwt);
  });

  function startTokens(jwt: JwtConfig | undefined): Tokens {
    const logger = createLogger('trace', { write: (line) => void (log += line) });
    const now = () => clock.now;
    const monotonic = () => clock.now.getTime() + clock.setBackMs;
    issuerKeys = new IssuerKeys({ jwt, auth: 'required' }, monotonic, logger);
    return new Tokens({ jwt }, now, monotonic, logger, issuerKeys);
  }

  const claims = (more?: Record<string, unknown>) => issuer.claims(clock.now, more);
  const callerOf = async (token: string): Promise<Caller | undefined> => tokens.callerOf(token);

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('knows the caller of a token signed with %s', async (alg) => {
    const caller = await callerOf(keys[alg].token(claims()));
    expect(caller).toEqual({
      id: 'jwt:https://issuer.example|alice',
      scopes: new Set(['items:read']),
      expiresAt: Date.parse('2026-01-02T03:09:35Z'),
    });
  });

  it.each([
    ['typ JWT', {}, { typ: 'JWT' }],
    ['typ at+jwt', {}, { typ: 'at+jwt' }],
    ['typ application/at+jwt in capitals', {}, { typ: 'APPLICATION/AT+JWT' }],
    ['several audiences', { aud: ['other', 'items'] }, {}],
    ['expired 29 s ago', { exp: seconds(-29) }, {}],
    ['valid in 30 s', { nbf: seconds(30) }, {}],
    ['a name of 255 characters', { sub: '\u{1F600}'.repeat(255 - 'https://issuer.example'.length) }, {}],
    ['other claims of odd types', { jti: 5, iat: 1, azp: [null], scope: '' }, {}],
  ])('accepts a token with %s', async (_what, more, header) => {
    expect(await callerOf(keys.RS256.token(claims(more), header))).toBeDefined();
  });

  it.each([
    ['scope', { scope: 'items:write openid items:erase' }, ['items:write', 'items:erase']],
    ['scp as a string', { scope: undefined, scp: 'changes:read items:read' }, ['items:read', 'changes:read']],
    ['scp as an array', { scope: undefined, scp: ['metrics:read', 'x'] }, ['metrics:read']],
    ['scope rather than scp', { scope: 'items:read', scp: ['items:erase'] }, ['items:read']],
    ['no scope', { scope: undefined }, []],
    ['names of members of objects', { scope: '__proto__ constructor items:read' }, ['items:read']],
  ])('takes rights from %s', async (_what, more, scopes) => {
    expect([...(await callerOf(keys.RS256.token(claims(more))))!.scopes]).toEqual(scopes);
  });

  it.each(BAD_TOKENS)('refuses a token: %s', async (_what, make) => {
    const token = make({ issuer, keys, stranger, claims, seconds });
    expect(await callerOf(token)).toBeUndefined();
    // With keys and without: the first token of a process waits for them.
    expect(await callerOf(keys.RS256.token(claims()))).toBeDefined();
    expect(await callerOf(token)).toBeUndefined();
    for (const part of token.split('.').filter(({ length }) => length > 8)) expect(log).not.toContain(part);
  });

  it.each(['garbage', '..', '', 'a.b', 'a.b.c.d.e', 'a.b.c=', 'a.b. c', 'ä.b.c'])('refuses "%s" at once', (text) => {
    expect(tokens.callerOf(text)).toBeUndefined();
    expect(issuerKeys.current).toBeUndefined();
  });

  it('asks the issuer about no token that it can refuse', async () => {
    await callerOf(keys.RS256.token(claims()));
    const { asked } = issuer;
    const unknown = new SigningKey('EdDSA', 'unknown');
    for (const token of [
      stranger.token(claims()),
      unknown.token(claims({ iss: 'https://other.example' })),
      unknown.token(claims({ aud: ['other'] })),
      unknown.token(claims({ exp: seconds(-30) })),
      unknown.token(claims(), { typ: 'secevent+jwt' }),
      unknown.token(claims(), { crit: ['exp'] }),
    ]) {
      expect(await callerOf(token)).toBeUndefined();
    }
    expect(issuer.asked).toBe(asked);
    expect(await callerOf(unknown.token(claims()))).toBeUndefined();
    expect(issuer.asked).toBe(asked + 1);
  });

  it('refuses a token whose key Node refuses', async () => {
    issuer.keys.push({ ...stranger.jwk, kid: 'odd', key_ops: ['verify', 'encrypt'] });
    expect(await callerOf(stranger.token(claims(), { kid: 'odd' }))).toBeUndefined();
    expect(log).toContain('"reason":"unusable"');
    issuer.keys.pop();
  });

  it('remembers a token until it expires', async () => {
    const token = keys.RS256.token(claims({ exp: seconds(60) }));
    const caller = await callerOf(token);
    expect(tokens.callerOf(token)).toBe(caller);
    clock.now = new Date(caller!.expiresAt! - 1);
    expect(tokens.callerOf(token)).toBe(caller);
    clock.now = new Date(caller!.expiresAt!);
    expect(await callerOf(token)).toBeUndefined();
  });

  it('verifies a token again after five minutes', async () => {
    const token = keys.RS256.token(claims({ exp: seconds(3600) }));
    const caller = await callerOf(token);
    clock.now = new Date(START.getTime() + 299_999);
    expect(tokens.callerOf(token)).toBe(caller);
    clock.now = new Date(START.getTime() + 300_000);
    const again = tokens.callerOf(token);
    expect(again).toBeInstanceOf(Promise);
    expect(await again).toEqual(caller);
  });

  it('verifies a token again after five minutes, also if the clock was set back since', async () => {
    const token = keys.RS256.token(claims({ exp: seconds(3600) }));
    const caller = await callerOf(token);
    clock.now = new Date(START.getTime() - 3_600_000);
    clock.setBackMs = 3_600_000 + 299_999;
    expect(tokens.callerOf(token)).toBe(caller);
    clock.setBackMs += 1;
    expect(tokens.callerOf(token)).toBeInstanceOf(Promise);
    expect(await callerOf(token)).toEqual(caller);
  });

  it('verifies a token once for requests that come together', async () => {
    const token = keys.RS256.token(claims());
    const first = tokens.callerOf(token);
    expect(tokens.callerOf(token)).toBe(first);
    expect(await first).toBeDefined();
  });

  it('503 beyond 1000 tokens at the same time, and to none once they are verified', async () => {
    await callerOf(keys.RS256.token(claims()));
    const many = Array.from({ length: 1_001 }, (_, at) => keys.EdDSA.token(claims({ sub: `user-${at}` })));
    const results = await Promise.allSettled(many.map(callerOf));
    const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(
      refused.map(({ reason }) => (reason as { response: { type: { code: string } } }).response.type.code),
    ).toEqual(['overloaded']);
    expect((await callerOf(many.at(-1)!))?.id).toBe('jwt:https://issuer.example|user-1000');
  });

  it('accepts none if none are configured', () => {
    const closed = startTokens(undefined);
    expect(closed.isConfigured).toBe(false);
    expect(closed.callerOf(keys.RS256.token(claims()))).toBeUndefined();
  });
});

function seconds(fromStart: number): number {
  return Math.floor(START.getTime() / 1000) + fromStart;
}
