import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CLOCK, MONOTONIC_CLOCK, type Clock, type MonotonicClock } from '../config/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import type { Caller } from '../contract/caller.js';
import type { HeadCheck } from '../http/head/head-judge.js';
import { RefusedCredentials } from '../rate-limits/refused-credentials.js';
import { invalidToken, unauthenticated } from './access.problems.js';
import { bearerTokenIn } from './bearer-token.js';
import { ApiKeys } from './keys/api-keys.js';
import { isKeyText } from './keys/key-text.js';
import { Tokens } from './tokens/tokens.js';

/** Finds out who sends a request to an operation that has a scope. Other operations are open, and ignore credentials. */
@Injectable()
export class CredentialsCheck implements HeadCheck {
  readonly isInForce: boolean;

  constructor(
    @Inject(CONFIG) { auth }: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MONOTONIC_CLOCK) private readonly monotonic: MonotonicClock,
    private readonly keys: ApiKeys,
    private readonly tokens: Tokens,
    private readonly refused: RefusedCredentials,
  ) {
    this.isInForce = auth === 'required';
  }

  /**
   * Sets `request.caller`. Waits only if the credential is not at hand. Problems: unauthenticated, invalidToken
   * (401), quotaExceeded (429), tokenKeysUnavailable, overloaded (503). Rejects with DatabaseFault.
   */
  check(request: FastifyRequest): void | Promise<void> {
    const scope = request.route.operation?.scope;
    if (scope === undefined) return;
    const token = bearerTokenIn(request.headers.authorization);
    if (token === undefined) throw unauthenticated(scope);
    const found = this.callerOf(token);
    return found instanceof Promise ? found.then((caller) => this.letIn(request, caller)) : this.letIn(request, found);
  }

  /**
   * To be called right before a request is carried out. If it has waited so long since {@link check} that the key may have been
   * revoked, or the credential has expired, it is checked again, with the same outcomes. Otherwise it is only compared.
   */
  checkAgain(request: FastifyRequest): void | Promise<void> {
    const { caller } = request;
    return caller && !this.isStillKnown(caller) ? this.check(request) : undefined;
  }

  private isStillKnown({ knownUntil, expiresAt }: Caller): boolean {
    if (knownUntil !== undefined && this.monotonic() >= knownUntil) return false;
    return expiresAt === undefined || this.clock().getTime() < expiresAt;
  }

  private callerOf(token: string): Caller | undefined | Promise<Caller | undefined> {
    if (isKeyText(token)) return this.keys.callerOf(token);
    return this.tokens.isConfigured ? this.tokens.callerOf(token) : undefined;
  }

  private letIn(request: FastifyRequest, caller: Caller | undefined): void {
    if (!caller) this.refuse(request);
    request.caller = caller;
  }

  private refuse(request: FastifyRequest): never {
    this.refused.count(request);
    throw invalidToken();
  }
}
