import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, MONOTONIC_CLOCK, type Clock, type MonotonicClock } from '../../config/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import type { Caller } from '../../contract/caller.js';
import { overloaded } from '../../http/load/overload.problems.js';
import { LOGGER } from '../../telemetry/logger.js';
import { IssuerKeys } from './issuer-keys.js';
import type { KeySet } from './key-set.js';
import { Slots } from './slots.js';
import { callerIn, isWorthAsking, looksLikeToken } from './token-claims.js';
import { TokenRefused } from './token-refused.js';
import { VerifiedTokens } from './verified-tokens.js';

/** The most tokens that are verified at the same time. They share Node's threads with the database. */
const MOST_AT_ONCE = 16;

/** The most that are being verified or wait for it. Each holds a token of up to 16 KiB. */
const MOST_RUNNING = 1_000;

/** Tells who sends a JSON Web Token (RFC 7519) as a bearer token. */
@Injectable()
export class Tokens {
  /** Whether tokens are accepted at all. */
  readonly isConfigured: boolean;

  private readonly verified: VerifiedTokens;
  /** The tokens that are being verified, by their digests. */
  private readonly running = new Map<string, Promise<Caller | undefined>>();
  private readonly slots = new Slots(MOST_AT_ONCE);

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'jwt'>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MONOTONIC_CLOCK) monotonic: MonotonicClock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly keys: IssuerKeys,
  ) {
    this.isConfigured = config.jwt !== undefined;
    this.verified = new VerifiedTokens(clock, monotonic);
  }

  /**
   * The caller `jwt:<issuer>|<subject>` of a token; undefined if it is not valid here. A promise unless it was verified before.
   * The promise rejects with the problems tokenKeysUnavailable while the issuer's keys are not known, and overloaded (503).
   */
  callerOf(text: string): Caller | undefined | Promise<Caller | undefined> {
    if (!this.isConfigured) return undefined;
    const digest = hash('sha256', text, 'base64');
    const { current } = this.keys;
    const known = current && this.verified.find(digest, current);
    return known ?? this.running.get(digest) ?? this.start(text, digest);
  }

  private start(text: string, digest: string): undefined | Promise<Caller | undefined> {
    if (!looksLikeToken(text)) return undefined;
    if (this.running.size - this.keys.waiting >= MOST_RUNNING) return Promise.reject(overloaded('waiting'));
    const judgement = this.judge(text, digest).finally(() => this.running.delete(digest));
    this.running.set(digest, judgement);
    return judgement;
  }

  private async judge(text: string, digest: string): Promise<Caller | undefined> {
    try {
      return await this.verify(text, digest);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      this.logger.debug({ reason: error.reason }, 'Token refused');
      return undefined;
    }
  }

  private async verify(text: string, digest: string): Promise<Caller> {
    const keys = this.keys.current ?? (await this.firstKeys(text));
    try {
      return await this.verifyWith(keys, text, digest);
    } catch (error) {
      if (!(error instanceof TokenRefused && error.lacksKey && this.isWorthAsking(text))) throw error;
      const newer = await this.keys.newerThan(keys);
      if (!newer) throw error;
      return this.verifyWith(newer, text, digest);
    }
  }

  private firstKeys(text: string): Promise<KeySet> {
    if (!this.isWorthAsking(text)) throw new TokenRefused('unfit');
    return this.keys.first();
  }

  private isWorthAsking(text: string): boolean {
    return isWorthAsking(text, this.config.jwt!, this.clock());
  }

  private async verifyWith(keys: KeySet, text: string, digest: string): Promise<Caller> {
    const claims = await this.slots.run(() => keys.claimsOf(text, this.config.jwt!, this.clock()));
    const caller = callerIn(claims, this.config.jwt!.issuer);
    if (caller.expiresAt! <= this.clock().getTime()) throw new TokenRefused('exp');
    this.verified.add(digest, caller, keys);
    return caller;
  }
}
