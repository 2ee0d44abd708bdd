import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../../config/config.js';
import { Tally } from '../../counting/tally.js';
import { LOGGER } from '../../telemetry/logger.js';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import { endsConnection } from '../wire/last-request.js';
import { ClearingRate } from './clearing-rate.js';
import { HeldConnections } from './held-connections.js';
import { CAUSES, overloaded, type Cause } from './overload.problems.js';
import { RefusalLog } from './refusal-log.js';

/** Refuses requests: says when to come again, takes none from their connections for a while, and logs that it began. */
@Injectable()
export class Refusals {
  private readonly rates: Record<Exclude<Cause, 'delay'>, ClearingRate>;
  private readonly held: HeldConnections;
  private readonly log: RefusalLog;
  /** How many requests were refused, by cause. */
  readonly counts = new Tally(CAUSES);
  private isHolding = false;
  private wasAnyRefused = false;
  /** How many looks in a row have seen no refusal. */
  private calmLooks = 0;

  constructor(
    private readonly underWay: AnswersUnderWay,
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.rates = {
      // The database answers whoever waits for it now, or they are refused.
      waiting: new ClearingRate(config.maxWaiting, wholeSeconds(config.database.timeoutMs)),
      answers: new ClearingRate(config.maxAnswerBytes, wholeSeconds(config.answerTimeoutMs)),
      bodies: new ClearingRate(config.maxBodyBytes, wholeSeconds(config.requestTimeoutMs)),
    };
    this.held = new HeldConnections(underWay, config.keepAliveTimeoutMs);
    this.log = new RefusalLog(logger);
  }

  /** Whether connections may be held from now on: somebody calls {@link tick}. If not, those that are held go on. */
  setHolding(isHolding: boolean): void {
    this.isHolding = isHolding;
    if (!isHolding) this.held.letGo(performance.now(), Infinity);
  }

  /** The problem overloaded (503), which is to be the answer to this request. */
  refuse(cause: Cause, request: FastifyRequest, retryAfterSeconds = this.secondsUntilFree(cause)): Error {
    const nowMs = performance.now();
    // What comes sooner on a held connection waits.
    const problem = overloaded(cause, {
      retryAfterSeconds: Math.max(retryAfterSeconds, wholeSeconds(this.held.holdMs)),
    });
    if (this.isHolding && !endsConnection(problem, request)) this.held.hold(request.raw.socket, nowMs);
    this.note(cause, nowMs);
    return problem;
  }

  /** The problem overloaded (503) for a request whose body has not come. The answer closes the connection. */
  refuseLast(cause: Cause): Error {
    this.note(cause, performance.now());
    return overloaded(cause, { retryAfterSeconds: this.secondsUntilFree(cause), isLast: true });
  }

  /** To be called often, with the time and the number of requests that can be let in. */
  tick(nowMs: number, places: number): void {
    const { whole } = this.underWay;
    this.rates.waiting.tick(nowMs, whole.waiting, whole.answered);
    this.rates.answers.tick(nowMs, whole.answerBytes, whole.answerBytesGone);
    this.rates.bodies.tick(nowMs, whole.bodyBytes, whole.bodyBytesGone);
    this.calmLooks = this.wasAnyRefused ? 0 : this.calmLooks + 1;
    this.wasAnyRefused = false;
    // Places that are free for a moment are taken again by those who were answered in it. So few go on at first.
    this.held.letGo(nowMs, this.calmLooks === 0 ? 0 : Math.min(places, 2 ** this.calmLooks));
    this.log.tick(nowMs);
  }

  private note(cause: Cause, nowMs: number): void {
    this.wasAnyRefused = true;
    this.counts.count(cause);
    this.log.note(nowMs, cause, this.underWay.whole.waiting);
  }

  private secondsUntilFree(cause: Cause): number {
    const { waiting, answerBytes, bodyBytes } = this.underWay.whole;
    const crowds = { waiting, answers: answerBytes, bodies: bodyBytes };
    return cause === 'delay' ? 1 : this.rates[cause].secondsFor(crowds[cause]);
  }
}

function wholeSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
