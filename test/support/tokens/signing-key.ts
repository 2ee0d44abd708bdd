import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How test tokens are signed. Made without jose, so that it is checked against another implementation. */
const SIGNATURES = {
  RS256: (input: Buffer, key: KeyObject) => sign('sha256', input, key),
  PS256: (input: Buffer, key: KeyObject) =>
    sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (input: Buffer, key: KeyObject) => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' }),
  ES384: (input: Buffer, key: KeyObject) => sign('sha384', input, { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (input: Buffer, key: KeyObject) => sign(null, input, key),
};

export type Algorithm = keyof typeof SIGNATURES;

export const ALGORITHMS = Object.keys(SIGNATURES) as Algorithm[];

/** A key pair that signs with one algorithm. */
export class SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;

  constructor(
    readonly alg: Algorithm,
    readonly kid: string | undefined,
  ) {
    const { privateKey, publicKey } = pairFor(alg);
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** The public key as a JSON Web Key. */
  get jwk(): JsonWebKey & Record<string, unknown> {
    return {
      ...this.publicKey.export({ format: 'jwk' }),
      ...(this.kid && { kid: this.kid }),
      alg: this.alg,
      use: 'sig',
    };
  }

  /** A token with these claims. `header` replaces members of the header; undefined removes one. */
  token(claims: unknown, header: Record<string, unknown> = {}): string {
    const signed = `${encoded({ alg: this.alg, kid: this.kid, ...header })}.${encoded(claims)}`;
    return `${signed}.${SIGNATURES[this.alg](Buffer.from(signed), this.privateKey).toString('base64url')}`;
  }
}

/** A token with an HMAC by this secret. */
export function hmacToken(claims: unknown, header: Record<string, unknown>, secret: string | Buffer): string {
  const signed = `${encoded({ alg: 'HS256', ...header })}.${encoded(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A part of a token. Strings and bytes stay as they are. */
export function encoded(part: unknown): string {
  return Buffer.from(typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part)).toString(
    'base64url',
  );
}

function pairFor(alg: Algorithm) {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519');
  if (alg.startsWith('ES')) return generateKeyPairSync('ec', { namedCurve: alg === 'ES256' ? 'P-256' : 'P-384' });
  return nextRsaPair();
}

/** How many RSA keys come in turn: the keys of a test differ if they are not more than these. */
const RSA_KEYS = 4;

/** To make one takes 200 ms, so they are kept from run to run. */
const KEPT_IN = fileURLToPath(new URL('../../../node_modules/.cache/rsa-keys', import.meta.url));

let rsaPairs: KeyPairKeyObjectResult[] | undefined;

function nextRsaPair(): KeyPairKeyObjectResult {
  rsaPairs ??= Array.from({ length: RSA_KEYS }, (_, n) => keptRsaPair(join(KEPT_IN, `${n}.pem`)));
  const next = rsaPairs.shift()!;
  rsaPairs.push(next);
  return next;
}

function keptRsaPair(path: string): KeyPairKeyObjectResult {
  if (!existsSync(path)) keepNewRsaKey(path);
  const privateKey = createPrivateKey(readFileSync(path));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

// Renamed when it is whole, since other workers may do the same.
function keepNewRsaKey(path: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  mkdirSync(KEPT_IN, { recursive: true });
  const part = `${path}.${process.pid}`;
  writeFileSync(part, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  renameSync(part, path);
}
