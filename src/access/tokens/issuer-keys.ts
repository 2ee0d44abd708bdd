import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../../config/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { parseJwks } from '../../config/settings/jwks.js';
import { LOGGER } from '../../telemetry/logger.js';
import { KeySet } from './key-set.js';
import { KeysUnreadable, readKeySource } from './key-source.js';
import { tokenKeysUnavailable } from './tokens.problems.js';

/** How long the issuer may take to send its keys. */
const READ_TIMEOUT_MS = 5_000;

/** While there are no keys: the pause after a failure. */
const RETRY_MS = 5_000;

/** How often tokens with unknown keys can make the service ask the issuer. */
const LOOK_AGAIN_MS = 30_000;

/** How old the keys become before they are read again. Keys that the issuer has withdrawn then go. */
const REFRESH_MS = 600_000;

/** How often their age is looked at. */
const TICK_MS = 60_000;

/** The most requests that wait for the issuer. */
const MOST_WAITING = 500;

/**
 * The issuer's keys: read at the start, which does not wait for them, again when they are ten minutes old, and again when a
 * token has an unknown key. While they can't be read, the service keeps those that it has.
 */
@Injectable()
export class IssuerKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  private set: KeySet | undefined;
  /** What the set was made from. */
  private text: string | undefined;
  private reading: Promise<void> | undefined;
  private isFailing = false;
  private waitingCount = 0;
  // By the monotonic clock.
  private readAt = -Infinity;
  private failedAt = -Infinity;
  private lookedAt = -Infinity;
  private tick: NodeJS.Timeout | undefined;
  private reader = new AbortController();
  private isStopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'jwt' | 'auth'>,
    @Inject(MONOTONIC_CLOCK) private readonly now: MonotonicClock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.jwt || this.config.auth === 'off') return;
    void this.read();
    this.tick = setInterval(() => this.refresh(), TICK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.tick);
    this.isStopped = true;
    this.abort();
  }

  /** The keys as last read. Undefined if they were never read. */
  get current(): KeySet | undefined {
    return this.set;
  }

  /** How many requests wait for keys. */
  get waiting(): number {
    return this.waitingCount;
  }

  /** Waits for the first keys. Problem: tokenKeysUnavailable (503). */
  async first(): Promise<KeySet> {
    if (this.reading || this.isOver(this.failedAt, RETRY_MS)) await this.wait();
    if (!this.set) throw tokenKeysUnavailable(this.secondsUntil(this.failedAt + RETRY_MS));
    return this.set;
  }

  /**
   * Keys that were read after these, which lack one. Undefined if the issuer has no others. Problem: tokenKeysUnavailable
   * (503) if the issuer could not be asked.
   */
  async newerThan(older: KeySet): Promise<KeySet | undefined> {
    while (this.set === older) {
      // One that is being read may have been sent before the key was published, so it is asked for once more.
      if (!this.reading && !this.isOver(this.lookedAt, LOOK_AGAIN_MS)) break;
      if (!this.reading) this.lookedAt = this.now();
      await this.wait();
    }
    if (this.set !== older) return this.set;
    if (this.isFailing) throw tokenKeysUnavailable(this.secondsUntil(this.lookedAt + LOOK_AGAIN_MS));
    return undefined;
  }

  private async wait(): Promise<void> {
    if (this.waitingCount >= MOST_WAITING) throw tokenKeysUnavailable(READ_TIMEOUT_MS / 1000);
    this.waitingCount += 1;
    await this.read();
    this.waitingCount -= 1;
  }

  private refresh(): void {
    if (this.isOver(this.readAt, REFRESH_MS)) void this.read();
  }

  /** Reads the keys, or waits for the reading under way. Never rejects. */
  private read(): Promise<void> {
    this.reading ??= this.readNow().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readNow(): Promise<void> {
    const { signal } = this.reader;
    const late = setTimeout(
      () => this.abort(new KeysUnreadable(`no answer within ${READ_TIMEOUT_MS} ms`)),
      READ_TIMEOUT_MS,
    );
    try {
      await this.take(await readKeySource(this.config.jwt!.keys, signal));
      this.readAt = this.now();
      if (this.isFailing) this.logger.info('The keys of the issuer of tokens can be read again');
      this.isFailing = false;
    } catch (error) {
      if (this.isStopped) return;
      this.failedAt = this.now();
      const reason = reasonOf(signal.aborted ? signal.reason : error);
      if (!this.isFailing) this.logger.warn({ reason }, "The keys of the issuer of tokens can't be read");
      this.isFailing = true;
    } finally {
      clearTimeout(late);
    }
  }

  /** Ends the reading under way. */
  private abort(reason?: Error): void {
    this.reader.abort(reason);
    this.reader = new AbortController();
  }

  // Equal keys stay the same set, so that what was verified with them stays verified.
  private async take(text: string): Promise<void> {
    if (text === this.text) return;
    const keys = parseJwks(text)?.publicKeys;
    if (!keys) throw new KeysUnreadable('there is no JSON Web Key Set');
    // An issuer that has lost its keys must not make us forget them.
    if (keys.length === 0) throw new KeysUnreadable('there is no key that can verify tokens');
    this.set = await KeySet.of(keys);
    this.text = text;
    this.logger.info({ keys: keys.length }, 'The issuer of tokens has new keys');
  }

  private isOver(since: number, pauseMs: number): boolean {
    return this.now() - since >= pauseMs;
  }

  private secondsUntil(time: number): number {
    return Math.max(1, Math.ceil((time - this.now()) / 1000));
  }
}

// Messages of Node may contain the address, which may hold a secret.
function reasonOf(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  return error instanceof KeysUnreadable ? message : (code ?? name);
}
