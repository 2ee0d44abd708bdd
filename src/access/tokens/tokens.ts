import { Injectable } from '@nestjs/common';
import type { Caller } from '../../contract/caller.js';

/** Tells who sends a JSON Web Token (RFC 7519) as a bearer token. */
@Injectable()
export class Tokens {
  /** Whether tokens are accepted at all. */
  readonly isConfigured: boolean = false;

  /**
   * The caller `jwt:<issuer>|<subject>` of a token; undefined if it is not valid here. A promise unless it was verified before.
   * Problem: tokenKeysUnavailable (503) while the issuer's keys are not known; the promise rejects with it.
   */
  callerOf(_text: string): Caller | undefined | Promise<Caller | undefined> {
    return undefined;
  }
}
