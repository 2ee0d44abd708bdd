import type { ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import type { Share } from '../wire/connection-share.js';
import { isBodyRead, takeBody } from './body-room.js';
import { inTurns } from './in-turns.js';
import { Refusals } from './refusals.js';
import { CHECK_MS, MOST_SLOW_CHECKS, SlowCallers } from './slow-callers.js';

/** A request is refused after this number of checks: by then, clients that have read nothing since it came have been cut. */
const MOST_CHECKS_WAITING = MOST_SLOW_CHECKS + 2;

/** The part of all room that large answers can take. The rest is left to small ones, which never wait. */
const PART_OF_LARGE = 0.75;

/**
 * How large answers are let in: the most that are made at the same time, the most in one turn of the event loop, and the turns until the
 * next ones, in which other requests are read and answered. Each can block the main thread for some milliseconds.
 */
const CAREFULLY = { mostMaking: 2, mostInTurn: 1, turnsBetween: 4 };

/**
 * The same while they turn out to be small, as most lists are. Those of one turn wait for the database together; a turn for each would
 * nearly double what it costs the main thread.
 */
const FREELY = { mostMaking: 16, mostInTurn: 16, turnsBetween: 1 };

/** The largest answer that blocks nobody, in bytes. */
const LIGHT_BYTES = 65_536;

interface Waiting {
  request: FastifyRequest;
  share: Share;
  /** How many checks of the room it has seen. */
  checks: number;
  /** Whether its answer is made as soon as it is let in. Else it has other work to wait for. */
  isMadeAtOnce: boolean;
  goOn: (refusal?: Error) => void;
  /** Set if somebody must be told that its client is gone. */
  giveUp?: () => void;
}

/**
 * Bounds the memory of all requests: answers that clients have not read yet, and bodies that are being read. Room for an
 * answer is taken before it is made.
 */
@Injectable()
export class Room {
  private waiting: Waiting[] = [];
  /** The large answers that were let in and are not made yet. */
  private readonly making = new Set<Share>();
  /** Chosen by the size of the large answer that was made last. */
  private pace = CAREFULLY;
  private isLettingIn = false;
  private readonly slow: SlowCallers;
  private checks: NodeJS.Timeout | undefined;

  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly refusals: Refusals,
    /** The most that is kept for all requests together, in bytes, and the most requests that wait. */
    @Inject(CONFIG) private readonly limits: Pick<Config, 'maxAnswerBytes' | 'maxBodyBytes' | 'maxWaiting'>,
  ) {
    this.slow = new SlowCallers(underWay, refusals);
    underWay.whole.onLess(() => this.letInLater());
  }

  /** Whether there is room for no answer. */
  isFull(): boolean {
    return this.underWay.whole.answerBytes > this.limits.maxAnswerBytes;
  }

  /** Whether somebody waits for room, or hardly any is left. */
  isScarce(): boolean {
    return this.isFull() || this.waiting.length > 0 || this.areBodiesCrowded();
  }

  /** Cuts and refuses slow callers from now on, until there is room, and places for more requests. */
  beginMakingRoom(): void {
    if (this.checks) return;
    this.slow.look();
    this.checks = setInterval(() => this.makeRoom(), CHECK_MS).unref();
  }

  /** Takes room for a request, then calls `next`, with the problem overloaded (503) if there is none. */
  admit(request: FastifyRequest, share: Share, next: (refusal?: Error) => void): void {
    if (share.answerBytes <= share.countedBytes) return this.admitBody(request, share, next);
    const goOn = (refusal?: Error) => {
      if (refusal) next(refusal);
      else this.admitBody(request, share, next);
    };
    this.waiting.push({ request, share, checks: 0, isMadeAtOnce: true, goOn });
    this.letInLater();
  }

  /**
   * Waits in line for the room of a large answer whose size only the body of the request shows. If the client is gone, there is no
   * answer to wait for. Problem: overloaded (503).
   */
  async takeMore(request: FastifyRequest, response: ServerResponse, answerBytes: number): Promise<void> {
    const share = this.underWay.turnOf(response, answerBytes)?.share;
    if (!share || share.answerBytes <= share.countedBytes) return;
    await new Promise<void>((resolve, reject) => {
      const goOn = (refusal?: Error) => (refusal ? reject(refusal) : resolve());
      this.waiting.push({ request, share, checks: 0, isMadeAtOnce: false, goOn, giveUp: resolve });
      this.letInLater();
    });
  }

  private admitBody(request: FastifyRequest, share: Share, next: (refusal?: Error) => void): void {
    // Its handler or the reading of its body ends with an answer, which frees what it takes.
    share.isCarriedOut = true;
    if (!isBodyRead(request)) return next();
    const { whole } = this.underWay;
    const isRoomFor = (bytes: number) => whole.bodyBytes + bytes <= this.limits.maxBodyBytes;
    next(
      takeBody(request, (bytes, isLast) => {
        if (share.isOver) return undefined;
        if (!isRoomFor(bytes)) {
          this.beginMakingRoom();
          return isLast ? this.refusals.refuseLast('bodies') : this.refusals.refuse('bodies', request);
        }
        share.bodyBytes += bytes;
        whole.bodyBytes += bytes;
        return undefined;
      }),
    );
  }

  private fits({ share: { answerBytes, countedBytes }, isMadeAtOnce }: Waiting): boolean {
    for (const share of this.making) {
      if (share.isMade) this.pace = share.answerBytes > LIGHT_BYTES ? CAREFULLY : FREELY;
      if (share.isOver || share.isMade) this.making.delete(share);
    }
    if (isMadeAtOnce && this.making.size >= this.pace.mostMaking) return false;
    const { whole } = this.underWay;
    return whole.answerBytes + answerBytes - countedBytes <= this.limits.maxAnswerBytes * PART_OF_LARGE;
  }

  private count(share: Share): void {
    this.underWay.whole.answerBytes += share.answerBytes - share.countedBytes;
    share.countedBytes = share.answerBytes;
  }

  // Spread over turns of the event loop: many large answers in a row would block everybody else.
  private letInLater(): void {
    if (this.waiting.length === 0 || this.isLettingIn) return;
    if (!this.isNextFree()) return this.beginMakingRoom();
    this.isLettingIn = true;
    this.afterTurns(this.pace.turnsBetween, () => {
      this.isLettingIn = false;
      for (let left = this.pace.mostInTurn; left > 0 && this.isNextFree(); left -= 1) this.letIn();
      this.letInLater();
    });
  }

  /** Whether the first that waits can be let in, or its client is gone. */
  private isNextFree(): boolean {
    const [first] = this.waiting;
    return first !== undefined && (first.share.isOver || this.fits(first));
  }

  private afterTurns(count: number, work: () => void): void {
    setImmediate(() => (count > 1 ? this.afterTurns(count - 1, work) : work()));
  }

  private letIn(): void {
    const first = this.waiting.shift()!;
    // Its client is gone.
    if (first.share.isOver) return first.giveUp?.();
    this.count(first.share);
    if (first.isMadeAtOnce) this.making.add(first.share);
    first.goOn();
  }

  private makeRoom(): void {
    for (const { share, giveUp } of this.waiting) if (share.isOver) giveUp?.();
    this.waiting = this.waiting.filter(({ share }) => !share.isOver);
    for (const one of this.waiting) one.checks += 1;
    // The list is in the order of arrival, so the first have seen the most checks.
    const late = this.waiting.filter(({ checks }) => checks >= MOST_CHECKS_WAITING);
    this.waiting = this.waiting.slice(late.length);
    inTurns(late, ({ request, share, goOn }) => void (share.isOver || goOn(this.refusals.refuse('answers', request))));
    this.slow.look();
    const missingBytes = this.missingBytes();
    this.slow.cut(missingBytes);
    const areBodiesCrowded = this.areBodiesCrowded();
    if (areBodiesCrowded) this.slow.refuse('bodies', (share) => share.bodyBytes > 0);
    const arePlacesScarce = this.underWay.whole.waiting > this.limits.maxWaiting / 2;
    if (arePlacesScarce) {
      this.slow.refuse('waiting', (share) => share.isWaiting);
      this.slow.cutWaiting();
    }
    if (this.waiting.length > 0 || missingBytes > 0 || areBodiesCrowded || arePlacesScarce) return;
    clearInterval(this.checks);
    this.checks = undefined;
    this.slow.forget();
  }

  private areBodiesCrowded(): boolean {
    return this.underWay.whole.bodyBytes > this.limits.maxBodyBytes / 2;
  }

  /** How many bytes must become free so that every waiting request has room. */
  private missingBytes(): number {
    const { answerBytes } = this.underWay.whole;
    const wanted = this.waiting.reduce((sum, { share }) => sum + share.answerBytes - share.countedBytes, 0);
    return answerBytes + wanted - this.limits.maxAnswerBytes * PART_OF_LARGE;
  }
}
