import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Jwk } from '../../config/settings/jwks.js';
import type { JwtConfig } from '../../config/settings/jwt-settings.js';
import { CLOCK_TOLERANCE_SECONDS, isOfKnownKind } from './token-claims.js';
import { TokenRefused } from './token-refused.js';

/** The public keys that an issuer had at one time. Verifies tokens. */
export class KeySet {
  private readonly keyFor: JWTVerifyGetKey;

  private constructor(
    private readonly jose: typeof import('jose'),
    keys: Jwk[],
  ) {
    this.keyFor = jose.createLocalJWKSet({ keys });
  }

  /** Loads jose. A service that accepts no tokens never does. */
  static async of(keys: Jwk[]): Promise<KeySet> {
    return new KeySet(await import('jose'), keys);
  }

  /**
   * The claims of a token that is signed with one of the keys, from the issuer, for one of the audiences and valid now. RFC 7519
   * §7.2, RFC 8725 §3. Rejects with TokenRefused.
   */
  async claimsOf(text: string, { issuer, audiences, algorithms }: JwtConfig, now: Date): Promise<JWTPayload> {
    let kid: unknown;
    const keyFor: JWTVerifyGetKey = (header, token) => {
      // RFC 7515 §4.1.11: no extension is understood here. jose would accept b64 (RFC 7797).
      if (header.crit !== undefined) throw new TokenRefused('crit');
      if (!isOfKnownKind(header.typ)) throw new TokenRefused('typ');
      ({ kid } = header);
      return this.keyFor(header, token);
    };
    try {
      const { payload } = await this.jose.jwtVerify(text, keyFor, {
        issuer,
        audience: audiences,
        algorithms,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: now,
      });
      return payload;
    } catch (error) {
      throw error instanceof TokenRefused ? error : this.refusalBy(error, kid);
    }
  }

  // Whatever jose throws, the token is not valid here. Node's errors come through, as for a key with odd key_ops.
  private refusalBy(error: unknown, kid: unknown): TokenRefused {
    const { JOSEError, JWTClaimValidationFailed, JWKSNoMatchingKey, JWSSignatureVerificationFailed } = this.jose.errors;
    if (!(error instanceof JOSEError)) return new TokenRefused('unusable');
    // An issuer that does not name its keys has a new one, perhaps.
    const lacksKey =
      error instanceof JWKSNoMatchingKey || (error instanceof JWSSignatureVerificationFailed && kid === undefined);
    return new TokenRefused(error instanceof JWTClaimValidationFailed ? error.claim : error.code, lacksKey);
  }
}
