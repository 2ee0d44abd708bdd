import type { JwtConfig } from '../../config/settings/jwt-settings.js';
import type { Caller } from '../../contract/caller.js';
import { SCOPES } from '../../contract/operation.js';
import { TokenRefused } from './token-refused.js';

/** How far the clocks of the issuer and of this machine may differ. RFC 7519 §4.1.4: no more than a few minutes. */
export const CLOCK_TOLERANCE_SECONDS = 30;

/** Issuer and subject together, in characters. They stand in versions, with `jwt:` and `|`. */
const MAX_NAME_LENGTH = 255;

/** The largest time of a Date, in seconds (ECMA-262 §21.4.1.1). */
const MAX_TIME_SECONDS = 8.64e12;

/** Three parts in base64url without padding, of which none is empty (RFC 7515 §7.1). */
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

// Control characters, and what is no character (RFC 7493 §2.1), such as a half of a surrogate pair.
const NOT_IN_NAMES = /[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/** Whether a text has the form of a signed JSON Web Token. */
export function looksLikeToken(text: string): boolean {
  return FORM.test(text);
}

/** Whether this `typ` is that of an access token or says nothing more than "JWT" (RFC 7519 §5.1, RFC 9068 §4, RFC 8725 §3.11). */
export function isOfKnownKind(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ));
}

/**
 * Whether a token would be valid if its signature is: it is from this issuer, for this service, and not expired. Only such a
 * token is worth asking the issuer for keys, or waiting for them.
 */
export function isWorthAsking(text: string, { issuer, audiences, algorithms }: JwtConfig, now: Date): boolean {
  const [header, claims] = text.split('.', 2).map(objectIn);
  return (
    header !== undefined &&
    claims !== undefined &&
    algorithms.some((algorithm) => algorithm === header.alg) &&
    header.crit === undefined &&
    isOfKnownKind(header.typ) &&
    claims.iss === issuer &&
    [claims.aud].flat().some((one) => audiences.some((audience) => audience === one)) &&
    (endOf(claims.exp) ?? 0) > now.getTime()
  );
}

/** The caller that verified claims name. Throws TokenRefused if a claim can't be used. */
export function callerIn(claims: Record<string, unknown>, issuer: string): Caller {
  const { sub } = claims;
  const expiresAt = endOf(claims.exp);
  if (expiresAt === undefined) throw new TokenRefused('exp');
  if (typeof sub !== 'string' || sub === '' || NOT_IN_NAMES.test(sub) || lengthOf(issuer + sub) > MAX_NAME_LENGTH) {
    throw new TokenRefused('sub');
  }
  const granted = scopesIn(claims);
  return { id: `jwt:${issuer}|${sub}`, scopes: new Set(SCOPES.filter((scope) => granted.includes(scope))), expiresAt };
}

/** When a token is no longer accepted, in milliseconds since 1970. */
function endOf(exp: unknown): number | undefined {
  const isTime = typeof exp === 'number' && Math.abs(exp) < MAX_TIME_SECONDS;
  return isTime ? (exp + CLOCK_TOLERANCE_SECONDS) * 1000 : undefined;
}

/** RFC 8693 §4.2: `scope` is one string. Some issuers have `scp` instead, as a string or an array. */
function scopesIn({ scope, scp }: Record<string, unknown>): string[] {
  const value = scope ?? scp ?? [];
  if (typeof value === 'string') return value.split(' ');
  const isList = scope === undefined && Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (!isList) throw new TokenRefused('scope');
  return value;
}

function objectIn(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function lengthOf(text: string): number {
  return text.length <= MAX_NAME_LENGTH ? text.length : [...text].length;
}
