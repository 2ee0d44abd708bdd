import { createPublicKey, type JsonWebKey } from 'node:crypto';

/** The size of the largest JSON Web Key Set that is read. Those of large issuers have 20 KiB. */
export const MAX_JWKS_BYTES = 262_144;

/** Keys in one set. */
const MAX_KEYS = 100;

/** RFC 7518 §3.3, §3.5: a key of this size or larger must be used. */
const MIN_RSA_BITS = 2048;

/** A JSON Web Key (RFC 7517 §4). */
export type Jwk = JsonWebKey & Record<string, unknown>;

/** What a JSON Web Key Set holds. */
export interface Jwks {
  /** Public keys that can verify signatures. */
  publicKeys: Jwk[];
  hasPrivateKeys: boolean;
}

/**
 * The keys in the text of a JSON Web Key Set (RFC 7517 §5); undefined if it is none, or has more than 100 keys. Keys of other
 * kinds and broken ones are left out, as §5 asks. So are secret ones: whoever can verify with them can sign.
 */
export function parseJwks(text: string): Jwks | undefined {
  const keys = keysIn(text);
  if (!keys || keys.length > MAX_KEYS || !keys.every(isObject)) return undefined;
  return {
    publicKeys: keys.filter((key) => !isPrivate(key) && canVerify(key)),
    hasPrivateKeys: keys.some(isPrivate),
  };
}

function isPrivate(key: Jwk): boolean {
  return key.d !== undefined;
}

function keysIn(text: string): Jwk[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) ? (keys as Jwk[]) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function canVerify(key: Jwk): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    if (asymmetricKeyType === 'rsa') return (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
    return asymmetricKeyType === 'ec' || asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
