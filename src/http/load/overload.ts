import type { Socket } from 'node:net';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../../config/config.js';
import { LOGGER } from '../../telemetry/logger.js';
import type { HeadCheck } from '../head/head-judge.js';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import { AnswerRate } from './answer-rate.js';
import { HeldConnections } from './held-connections.js';
import { LoopDelay, TICK_MS } from './loop-delay.js';
import { overloaded, type Cause } from './overload.problems.js';
import { RefusalLog } from './refusal-log.js';
import { Room } from './room.js';

/** Refuses requests while the service has as much to do as it may take on. Probes are always let in. */
@Injectable()
export class Overload implements HeadCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: LoopDelay;
  private readonly rate: AnswerRate;
  private readonly held: HeldConnections;
  private readonly log: RefusalLog;
  private ticks: NodeJS.Timeout | undefined;

  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly room: Room,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.log = new RefusalLog(logger);
    this.loop = new LoopDelay(config.maxEventLoopDelayMs);
    // The database answers whoever waits for it now, or they are refused.
    this.rate = new AnswerRate(config.maxWaiting, Math.ceil(config.database.timeoutMs / 1_000));
    this.held = new HeldConnections(underWay, config.keepAliveTimeoutMs);
  }

  onApplicationBootstrap(): void {
    this.ticks = setInterval(() => this.tick(performance.now()), TICK_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.ticks);
    this.ticks = undefined;
    this.held.letGo(performance.now(), Infinity);
  }

  /** Problem: overloaded (503). Any other request counts as one that waits. */
  check({ raw, route }: FastifyRequest, reply: FastifyReply): void {
    if (route.operation?.isProbe) return;
    const cause = this.causeOfRefusal();
    if (cause !== undefined) throw this.refusal(cause, raw.socket);
    this.underWay.beginWaiting(reply.raw);
  }

  private causeOfRefusal(): Cause | undefined {
    if (this.room.isFull()) return 'answers';
    if (this.underWay.whole.waiting >= this.config.maxWaiting) return 'waiting';
    return this.loop.refusesOneMore() ? 'delay' : undefined;
  }

  private refusal(cause: Cause, socket: Socket): Error {
    const nowMs = performance.now();
    if (cause !== 'delay') this.room.beginMakingRoom();
    // Nobody would let it go on.
    if (this.ticks) this.held.hold(socket, nowMs);
    this.log.note(nowMs, cause, this.underWay.whole.waiting);
    return overloaded(cause, { retryAfterSeconds: this.secondsUntilFree(cause) });
  }

  private secondsUntilFree(cause: Cause): number {
    if (cause === 'waiting') return this.rate.secondsFor(this.underWay.whole.waiting);
    return cause === 'delay' ? Math.max(1, Math.ceil(this.loop.delayMs / 1_000)) : 1;
  }

  private tick(nowMs: number): void {
    const { whole } = this.underWay;
    this.loop.tick(nowMs);
    this.rate.tick(nowMs, whole);
    const isFull = this.room.isFull() || this.loop.isSlow;
    this.held.letGo(nowMs, isFull ? 0 : this.config.maxWaiting - whole.waiting);
    this.log.tick(nowMs);
  }
}
