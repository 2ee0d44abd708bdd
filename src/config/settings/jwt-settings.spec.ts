import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKey } from '../../../test/support/tokens/signing-key.js';
import { ConfigError } from '../config.js';
import { readConfig } from '../read-config.js';

const ISSUER = { JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'items' };
const URL_OF_KEYS = { JWT_JWKS_URL: 'https://issuer.example/jwks' };

describe('the settings of tokens', () => {
  let folder: string;
  let fileWith: (content: string) => Promise<string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'items-'));
    let files = 0;
    fileWith = async (content) => {
      const file = join(folder, `${(files += 1)}.json`);
      await writeFile(file, content);
      return file;
    };
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('accepts no tokens by default', () => {
    expect(readConfig({}).jwt).toBeUndefined();
    expect(readConfig({ JWT_ISSUER: '', JWT_AUDIENCE: '' }).jwt).toBeUndefined();
  });

  it('reads a URL, with the default algorithms', () => {
    expect(readConfig({ ...ISSUER, ...URL_OF_KEYS }).jwt).toEqual({
      issuer: 'https://issuer.example',
      audiences: ['items'],
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      keys: { url: 'https://issuer.example/jwks' },
    });
  });

  it('reads a file, lists with spaces behind commas, and algorithms', async () => {
    const file = await fileWith(
      JSON.stringify({ keys: [new SigningKey('EdDSA', 'a').jwk, { kty: 'oct', k: 'AAAA' }] }),
    );
    const lists = { JWT_AUDIENCE: 'items, https://items.example', JWT_ALGORITHMS: 'ES512,Ed25519' };
    expect(readConfig({ ...ISSUER, ...lists, JWT_JWKS_FILE: file }).jwt).toEqual({
      issuer: 'https://issuer.example',
      audiences: ['items', 'https://items.example'],
      algorithms: ['ES512', 'Ed25519'],
      keys: { file },
    });
  });

  it.each(['http://127.0.0.1:8080/jwks', 'http://[::1]/jwks', 'http://localhost/jwks?tenant=a'])(
    'takes keys from %s',
    (JWT_JWKS_URL) => {
      expect(readConfig({ ...ISSUER, JWT_JWKS_URL }).jwt?.keys).toEqual({ url: JWT_JWKS_URL });
    },
  );

  it.each<[Record<string, string>, string]>([
    [URL_OF_KEYS, 'JWT_ISSUER must be set, since JWT_JWKS_URL is; JWT_AUDIENCE must be set, since JWT_JWKS_URL is'],
    [{ JWT_ALGORITHMS: 'RS256', ...URL_OF_KEYS, JWT_AUDIENCE: 'a' }, 'JWT_ISSUER must be set, since JWT_AUDIENCE is'],
    [{ JWT_ISSUER: 'a', ...URL_OF_KEYS }, 'JWT_AUDIENCE must be set, since JWT_ISSUER is'],
    [ISSUER, 'JWT_JWKS_URL or JWT_JWKS_FILE must be set, since JWT_ISSUER is'],
  ])('%o: names what is missing', (environment, faults) => {
    expect(faultsOf(environment)).toBe(faults);
  });

  it('takes algorithms alone, as a default that stands for itself', () => {
    expect(readConfig({ JWT_ALGORITHMS: 'RS256' }).jwt).toBeUndefined();
    expect(faultsOf({ JWT_ALGORITHMS: 'HS256' })).toMatch(/^JWT_ALGORITHMS=HS256 must be some of/);
  });

  it('refuses both a URL and a file', async () => {
    const JWT_JWKS_FILE = await fileWith(JSON.stringify({ keys: [new SigningKey('EdDSA', 'a').jwk] }));
    const faults = faultsOf({ ...ISSUER, ...URL_OF_KEYS, JWT_JWKS_FILE });
    expect(faults).toBe('JWT_JWKS_FILE must be left out, since JWT_JWKS_URL is set');
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ JWT_ISSUER: 'a|b' }, /^JWT_ISSUER=a\|b must be the claim iss of tokens/],
    [{ JWT_ISSUER: 'a'.repeat(201) }, /must be the claim iss of tokens, up to 200 characters/],
    [{ JWT_AUDIENCE: 'items,' }, /^JWT_AUDIENCE=items, must be claims aud of tokens, separated by commas$/],
    [{ JWT_ALGORITHMS: 'HS256' }, /^JWT_ALGORITHMS=HS256 must be some of RS256, RS384, .*Ed25519$/],
    [{ JWT_ALGORITHMS: 'RS256,none' }, /^JWT_ALGORITHMS=RS256,none must be some of /],
    [{ JWT_ALGORITHMS: 'rs256' }, /must be some of /],
    [{ JWT_JWKS_URL: 'http://issuer.example/jwks' }, /^JWT_JWKS_URL must be an https URL, or an http URL on loopback/],
    [{ JWT_JWKS_URL: 'http://localhost.example/jwks' }, /^JWT_JWKS_URL must be/],
    [{ JWT_JWKS_URL: 'https://user:secret@issuer.example/' }, /^JWT_JWKS_URL must be [^:]*$/],
    [{ JWT_JWKS_URL: 'https://issuer.example/#secret' }, /^JWT_JWKS_URL must be [^#]*$/],
    [{ JWT_JWKS_URL: 'file:///jwks.json' }, /^JWT_JWKS_URL must be/],
    [{ JWT_JWKS_URL: 'issuer.example/jwks' }, /^JWT_JWKS_URL must be/],
  ])('%o is refused', (settings, fault) => {
    expect(faultsOf({ ...ISSUER, ...URL_OF_KEYS, ...settings })).toMatch(fault);
  });

  it.each<[string, () => string, string]>([
    ['is no JSON', () => '-----BEGIN PUBLIC KEY-----', 'a file with a JSON Web Key Set (RFC 7517 §5)'],
    [
      'is one key',
      () => JSON.stringify(new SigningKey('EdDSA', 'a').jwk),
      'a file with a JSON Web Key Set (RFC 7517 §5)',
    ],
    ['has keys that are no objects', () => '{"keys":["a"]}', 'a file with a JSON Web Key Set (RFC 7517 §5)'],
    [
      'has more than 100 keys',
      () => setOf(Array.from({ length: 101 }, () => ({}))),
      'a file with a JSON Web Key Set (RFC 7517 §5)',
    ],
    ['has no key', () => setOf([]), 'a file with a public key: RSA of 2048 bits or more, EC or Ed25519'],
    [
      'has a secret only',
      () => setOf([{ kty: 'oct', k: 'AAAA' }]),
      'a file with a public key: RSA of 2048 bits or more, EC or Ed25519',
    ],
    [
      'has a short key',
      () => setOf([generateKeyPairSync('rsa', { modulusLength: 2040 }).publicKey.export({ format: 'jwk' })]),
      'a file with a public key: RSA of 2048 bits or more, EC or Ed25519',
    ],
    [
      'has a private key',
      () => setOf([{ ...new SigningKey('EdDSA', 'a').jwk, d: 'AAAA' }]),
      'a file without private keys',
    ],
    ['is too large', () => ' '.repeat(262_145), 'a file of at most 262144 bytes'],
  ])('refuses a file that %s', async (_what, content, expected) => {
    const JWT_JWKS_FILE = await fileWith(content());
    expect(faultsOf({ ...ISSUER, JWT_JWKS_FILE })).toBe(`JWT_JWKS_FILE=${JWT_JWKS_FILE} must be ${expected}`);
  });

  it('refuses a file that is missing, and a folder', () => {
    const missing = join(folder, 'missing');
    expect(faultsOf({ ...ISSUER, JWT_JWKS_FILE: missing })).toBe(
      `JWT_JWKS_FILE=${missing} must be a file that can be read (ENOENT)`,
    );
    expect(faultsOf({ ...ISSUER, JWT_JWKS_FILE: folder })).toBe(
      `JWT_JWKS_FILE=${folder} must be a file that can be read (EISDIR)`,
    );
  });
});

function setOf(keys: object[]): string {
  return JSON.stringify({ keys });
}

function faultsOf(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.join('; ');
    throw error;
  }
  return '';
}
