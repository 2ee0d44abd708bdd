import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import type { HeadCheck } from '../head/head-judge.js';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import { LoopDelay, TICK_MS } from './loop-delay.js';
import type { Cause } from './overload.problems.js';
import { Refusals } from './refusals.js';
import { Room } from './room.js';

/** So many more requests may wait if they are for operations that show the service under load. */
const PLACES_TO_LOOK = 16;

/** Refuses requests while the service has as much to do as it may take on. Probes are always let in. */
@Injectable()
export class Overload implements HeadCheck, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly loop: LoopDelay;
  private ticks: NodeJS.Timeout | undefined;

  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly room: Room,
    private readonly refusals: Refusals,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.loop = new LoopDelay(config.maxEventLoopDelayMs);
  }

  onApplicationBootstrap(): void {
    this.ticks = setInterval(() => this.tick(performance.now()), TICK_MS).unref();
    this.refusals.setHolding(true);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.ticks);
    this.refusals.setHolding(false);
  }

  /** Problem: overloaded (503). Any other request counts as one that waits. */
  check(request: FastifyRequest, reply: FastifyReply): void {
    const { operation } = request.route;
    if (operation?.isProbe) return;
    const cause = operation?.showsLoad ? this.causeInSpiteOfLoad() : this.causeOfRefusal();
    if (cause !== undefined) throw this.refusal(cause, request);
    this.underWay.beginWaiting(reply.raw);
  }

  private causeOfRefusal(): Cause | undefined {
    if (this.room.isFull()) return 'answers';
    if (this.underWay.whole.waiting >= this.config.maxWaiting) return 'waiting';
    return this.loop.refusesOneMore() ? 'delay' : undefined;
  }

  // Its loop may be late, which only a look from outside shows.
  private causeInSpiteOfLoad(): Cause | undefined {
    if (this.room.isFull()) return 'answers';
    return this.underWay.whole.waiting >= this.config.maxWaiting + PLACES_TO_LOOK ? 'waiting' : undefined;
  }

  private refusal(cause: Cause, request: FastifyRequest): Error {
    if (cause === 'delay') {
      return this.refusals.refuse(cause, request, Math.max(1, Math.ceil(this.loop.delayMs / 1_000)));
    }
    this.room.beginMakingRoom();
    return this.refusals.refuse(cause, request);
  }

  private tick(nowMs: number): void {
    this.loop.tick(nowMs);
    const isScarce = this.room.isScarce() || this.loop.isSlow;
    this.refusals.tick(nowMs, isScarce ? 0 : this.config.maxWaiting - this.underWay.whole.waiting);
  }
}
