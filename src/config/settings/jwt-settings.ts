import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { MAX_JWKS_BYTES, parseJwks } from './jwks.js';
import { isLoopbackUrl } from './loopback.js';
import { Misfit } from './misfit.js';

/**
 * The algorithms that a token may be signed with, all asymmetric (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). With HMAC the
 * issuer's public key could be taken for a secret (RFC 8725 §2.1).
 */
export const JWT_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** Where the issuer's public keys are: a URL, or a file with its absolute path. */
export type KeySource = { url: string } | { file: string };

/** Which JSON Web Tokens are accepted. */
export interface JwtConfig {
  /** Their `iss`. `JWT_ISSUER`. */
  issuer: string;
  /** Their `aud` must contain one of these. `JWT_AUDIENCE`. */
  audiences: string[];
  /** `JWT_ALGORITHMS`. */
  algorithms: JwtAlgorithm[];
  /** `JWT_JWKS_URL` or `JWT_JWKS_FILE`. */
  keys: KeySource;
}

/** Those without a default. One of them needs others. */
const NAMES = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL', 'JWT_JWKS_FILE'] as const;

type JwtSetting = (typeof NAMES)[number] | 'JWT_ALGORITHMS';

/** Reads one setting, and notes its faults. */
type Read = <T>(
  name: JwtSetting,
  setting: { fallback: string; expected: string; parse: (text: string) => T | Misfit | undefined; secret?: boolean },
) => T;

/** The settings of tokens; undefined if tokens are not accepted. Adds to `faults` what is missing or too much. */
export function readJwtConfig(environment: NodeJS.ProcessEnv, read: Read, faults: string[]): JwtConfig | undefined {
  const isSet = (name: JwtSetting) => Boolean(environment[name]);
  const set = NAMES.filter(isSet);
  const algorithms = read('JWT_ALGORITHMS', {
    fallback: 'RS256,PS256,ES256,EdDSA',
    expected: `some of ${JWT_ALGORITHMS.join(', ')}`,
    parse: parseAlgorithms,
  });
  if (set.length === 0) return undefined;
  faults.push(...missingBeside(set));
  const at = <T>(name: JwtSetting, expected: string, parse: (text: string) => T | Misfit | undefined) =>
    isSet(name) ? read(name, { fallback: '', expected, parse, secret: name === 'JWT_JWKS_URL' }) : undefined;
  const url = at('JWT_JWKS_URL', 'an https URL, or an http URL on loopback, without user and fragment', parseUrl);
  const file = at('JWT_JWKS_FILE', 'a file', parseFile);
  return {
    issuer: at('JWT_ISSUER', 'the claim iss of tokens, up to 200 characters, without |', parseIssuer) as string,
    audiences: at('JWT_AUDIENCE', 'claims aud of tokens, separated by commas', parseList) as string[],
    algorithms,
    keys: url === undefined ? { file: file! } : { url },
  };
}

function missingBeside(set: JwtSetting[]): string[] {
  const isGiven = (name: JwtSetting) => set.includes(name);
  const because = `since ${set[0]} is`;
  const faults = (['JWT_ISSUER', 'JWT_AUDIENCE'] as const)
    .filter((name) => !isGiven(name))
    .map((name) => `${name} must be set, ${because}`);
  if (!isGiven('JWT_JWKS_URL') && !isGiven('JWT_JWKS_FILE')) {
    faults.push(`JWT_JWKS_URL or JWT_JWKS_FILE must be set, ${because}`);
  }
  if (isGiven('JWT_JWKS_URL') && isGiven('JWT_JWKS_FILE')) {
    faults.push('JWT_JWKS_FILE must be left out, since JWT_JWKS_URL is set');
  }
  return faults;
}

// It stands before | in the names of callers, which are 260 characters at most.
function parseIssuer(text: string): string | undefined {
  return text.length <= 200 && !text.includes('|') ? text : undefined;
}

function parseList(text: string): string[] | undefined {
  const parts = text.split(',').map((one) => one.trim());
  return parts.includes('') ? undefined : [...new Set(parts)];
}

function parseAlgorithms(text: string): JwtAlgorithm[] | undefined {
  const parts = parseList(text)?.map((one) => JWT_ALGORITHMS.find((algorithm) => algorithm === one));
  return parts?.includes(undefined) ? undefined : (parts as JwtAlgorithm[]);
}

// In clear text anybody on the way could send keys of their own.
function parseUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, hash, href } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopbackUrl(href));
  return isSafe && !username && !password && !hash ? href : undefined;
}

function parseFile(text: string): string | Misfit {
  const content = contentOf(text);
  if (content instanceof Misfit) return content;
  const jwks = parseJwks(content);
  if (!jwks) return new Misfit('a file with a JSON Web Key Set (RFC 7517 §5)');
  if (jwks.hasPrivateKeys) return new Misfit('a file without private keys');
  if (jwks.publicKeys.length === 0)
    return new Misfit('a file with a public key: RSA of 2048 bits or more, EC or Ed25519');
  return resolve(text);
}

function contentOf(file: string): string | Misfit {
  try {
    const { size } = statSync(file);
    return size > MAX_JWKS_BYTES ? new Misfit(`a file of at most ${MAX_JWKS_BYTES} bytes`) : readFileSync(file, 'utf8');
  } catch (error) {
    return new Misfit(`a file that can be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
