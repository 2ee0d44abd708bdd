// RFC 9110 §11.1, §11.4: the scheme in any case, then at least one space.
const BEARER = /^bearer(?: +(.*))?$/i;

/**
 * The credential in a field Authorization (RFC 6750 §2.1). Undefined without the field, and for any other scheme: that is no
 * credential of ours. Empty if nothing follows the scheme.
 */
export function bearerTokenIn(authorization: string | undefined): string | undefined {
  const match = authorization === undefined ? undefined : BEARER.exec(authorization);
  return match ? (match[1] ?? '') : undefined;
}
