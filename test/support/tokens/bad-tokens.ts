import { encoded, hmacToken, type Algorithm, type SigningKey } from './signing-key.js';
import type { TokenIssuer } from './token-issuer.js';

/** What bad tokens are made with. */
export interface Forgery {
  issuer: TokenIssuer;
  /** The issuer's keys. That for ES384 is published, but the algorithm is not allowed. */
  keys: Record<Algorithm, SigningKey>;
  /** A key of somebody else, with the `kid` of the issuer's RS256. */
  stranger: SigningKey;
  /** Claims of a good token, with other values. */
  claims(this: void, more?: Record<string, unknown>): Record<string, unknown>;
  /** A time, in seconds from now. */
  seconds(this: void, fromNow: number): number;
}

/** A symmetric key that the issuer publishes. */
export const SHARED_SECRET = { kty: 'oct', kid: 'shared', k: 'c2VjcmV0' };

/** Tokens that are not valid: what is wrong, and how to make one. */
export const BAD_TOKENS: [string, (by: Forgery) => string][] = [
  ['signed by somebody else', ({ claims, stranger }) => stranger.token(claims())],
  [
    'signed by the key in its own header',
    ({ claims, stranger }) => stranger.token(claims(), { kid: undefined, jwk: stranger.jwk }),
  ],
  ['with another key of the issuer', ({ keys, claims }) => keys.RS256.token(claims(), { kid: 'ed' })],
  ['with another algorithm than its key has', ({ keys, claims }) => keys.RS256.token(claims(), { alg: 'PS256' })],
  ['changed after it was signed', ({ keys, claims }) => changed(keys.RS256.token(claims()), { sub: 'bob' })],
  ['without signature', ({ claims }) => `${encoded({ alg: 'none' })}.${encoded(claims())}.`],
  ['alg none with a signature', ({ keys, claims }) => keys.RS256.token(claims(), { alg: 'none' })],
  ['alg None', ({ keys, claims }) => keys.RS256.token(claims(), { alg: 'None' })],
  ['no alg', ({ keys, claims }) => keys.RS256.token(claims(), { alg: undefined })],
  ['HMAC by the public key as PEM', ({ keys, claims }) => hmacToken(claims(), { kid: 'rsa' }, pemOf(keys.RS256))],
  [
    'HMAC by the public key as JWK',
    ({ keys, claims }) => hmacToken(claims(), { kid: 'rsa' }, JSON.stringify(keys.RS256.jwk)),
  ],
  [
    'HMAC by a secret in the set',
    ({ claims }) => hmacToken(claims(), { kid: 'shared' }, Buffer.from('c2VjcmV0', 'base64url')),
  ],
  ['an algorithm that is not allowed', ({ keys, claims }) => keys.ES384.token(claims())],
  ['typ of another kind', ({ keys, claims }) => keys.RS256.token(claims(), { typ: 'dpop+jwt' })],
  ['typ that ends like one', ({ keys, claims }) => keys.RS256.token(claims(), { typ: 'logout+jwt' })],
  ['typ that is no string', ({ keys, claims }) => keys.RS256.token(claims(), { typ: ['JWT'] })],
  ['crit', ({ keys, claims }) => keys.RS256.token(claims(), { crit: ['exp'], exp: 1 })],
  ['crit of b64', ({ keys, claims }) => keys.RS256.token(claims(), { crit: ['b64'], b64: true })],
  ['crit that is empty', ({ keys, claims }) => keys.RS256.token(claims(), { crit: [] })],
  ['kid that is no string', ({ keys, claims }) => keys.RS256.token(claims(), { kid: 5 })],
  ['another issuer', ({ keys, claims }) => keys.RS256.token(claims({ iss: 'https://issuer.example/' }))],
  ['no issuer', ({ keys, claims }) => keys.RS256.token(claims({ iss: undefined }))],
  ['a list of issuers', ({ keys, claims }) => keys.RS256.token(claims({ iss: ['https://issuer.example'] }))],
  ['another audience', ({ keys, claims }) => keys.RS256.token(claims({ aud: 'Items' }))],
  ['no audience', ({ keys, claims }) => keys.RS256.token(claims({ aud: undefined }))],
  ['an audience of another type', ({ keys, claims }) => keys.RS256.token(claims({ aud: { items: true } }))],
  ['expired 30 s ago', ({ keys, claims, seconds }) => keys.RS256.token(claims({ exp: seconds(-30) }))],
  ['no exp', ({ keys, claims }) => keys.RS256.token(claims({ exp: undefined }))],
  ['exp as a string', ({ keys, claims, seconds }) => keys.RS256.token(claims({ exp: String(seconds(300)) }))],
  ['exp beyond all time', ({ keys, claims }) => keys.RS256.token(withNumber(claims({ exp: 'N' }), '1e999'))],
  ['exp that no Date holds', ({ keys, claims }) => keys.RS256.token(claims({ exp: 8.64e12 }))],
  ['valid in 31 s', ({ keys, claims, seconds }) => keys.RS256.token(claims({ nbf: seconds(31) }))],
  ['nbf as a string', ({ keys, claims }) => keys.RS256.token(claims({ nbf: 'now' }))],
  ['no subject', ({ keys, claims }) => keys.RS256.token(claims({ sub: undefined }))],
  ['an empty subject', ({ keys, claims }) => keys.RS256.token(claims({ sub: '' }))],
  ['a subject of another type', ({ keys, claims }) => keys.RS256.token(claims({ sub: 5 }))],
  ['a line break in the subject', ({ keys, claims }) => keys.RS256.token(claims({ sub: 'alice\n' }))],
  ['U+0000 in the subject', ({ keys, claims }) => keys.RS256.token(claims({ sub: 'a\u0000b' }))],
  ['half a character in the subject', ({ keys, claims }) => keys.RS256.token(claims({ sub: 'a\uD800' }))],
  [
    'a name of 256 characters',
    ({ keys, claims, issuer }) => keys.RS256.token(claims({ sub: 'a'.repeat(256 - issuer.issuer.length) })),
  ],
  ['scope of another type', ({ keys, claims }) => keys.RS256.token(claims({ scope: 5 }))],
  ['scope as an array', ({ keys, claims }) => keys.RS256.token(claims({ scope: ['items:read'] }))],
  [
    'scp with other types in it',
    ({ keys, claims }) => keys.RS256.token(claims({ scope: undefined, scp: ['items:read', {}] })),
  ],
  ['claims that are no object', ({ keys }) => keys.RS256.token(['alice'])],
  ['claims that are null', ({ keys }) => keys.RS256.token('null')],
  ['claims that are no JSON', ({ keys }) => keys.RS256.token('{"iss"')],
  ['claims that are not UTF-8', ({ keys }) => keys.RS256.token(Buffer.from([0x7b, 0xff, 0x7d]))],
  ['claims of great depth', ({ keys }) => keys.RS256.token('['.repeat(10_000))],
  ['cut off', ({ keys, claims }) => keys.RS256.token(claims()).slice(0, -1)],
  ['cut off after the claims', ({ keys, claims }) => keys.RS256.token(claims()).replace(/\.[^.]*$/, '')],
  ['a fourth part', ({ keys, claims }) => `${keys.RS256.token(claims())}.x`],
  ['padding', ({ keys, claims }) => `${keys.RS256.token(claims())}=`],
  ['encrypted', () => `${encoded({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`],
  ['garbage', () => 'garbage'],
  ['dots', () => '..'],
  ['nothing', () => ''],
  ['a header that is no JSON', () => 'a.b.c'],
  ['a header that is null', ({ claims }) => `${encoded('null')}.${encoded(claims())}.AAAA`],
];

function changed(token: string, more: object): string {
  const [header, claims, signature] = token.split('.');
  const old = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as object;
  return [header, encoded({ ...old, ...more }), signature].join('.');
}

function withNumber(claims: object, number: string): string {
  return JSON.stringify(claims).replace('"N"', number);
}

function pemOf({ publicKey }: SigningKey): Buffer {
  return publicKey.export({ type: 'spki', format: 'pem' }) as Buffer;
}
