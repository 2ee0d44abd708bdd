import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MONOTONIC_CLOCK, type MonotonicClock } from '../../config/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { FINAL_CHECK, type Check } from '../../http/head/head-judge.js';
import { Following } from '../../http/load/following.js';
import { Room } from '../../http/load/room.js';
import { AnswersUnderWay } from '../../http/wire/answers-under-way.js';
import { ItemChanges } from '../store/changes/item-changes.js';
import { positionText, type Position } from '../store/changes/position.js';
import { ChangeStream } from './change-stream.js';
import { Outlet } from './outlet.js';
import { ChangePoll } from './change-poll.js';
import type { ChangesRequest } from './changes-request.js';
import { positionGone } from './changes.problems.js';
import { FeedChanges } from './feed-changes.js';
import { FeedHead } from './feed-head.js';
import { NOW } from './list-changes.dto.js';

/** The most content of a page; the next changes come with the next page. */
export const PAGE_MAX_BYTES = 1_048_576;

/** The most that is read at once for a stream. */
const CHUNK_MAX_BYTES = 65_536;

/** A request and its answer, which takes room and may wait. */
export interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** The feed of all changes. Every method can also throw DatabaseFault. */
@Injectable()
export class ChangesService {
  constructor(
    private readonly changes: ItemChanges,
    private readonly head: FeedHead,
    private readonly following: Following,
    private readonly room: Room,
    private readonly underWay: AnswersUnderWay,
    @Inject(MONOTONIC_CLOCK) private readonly clock: MonotonicClock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'answerTimeoutMs'>,
    @Inject(FINAL_CHECK) private readonly finalCheck: Check | undefined,
  ) {}

  /**
   * A page. If there is no change yet, it waits as long as was asked for. Problems: positionGone (410), tooManyFollowers, overloaded (503),
   * and after a wait those of the credential.
   */
  async list(asked: ChangesRequest, exchange: Exchange): Promise<FeedChanges> {
    const after = await this.startOf(asked);
    // Many come again after each change, and the head reads for all of them.
    if (asked.waitMs > 0 && after && this.head.isAt(after)) return this.poll(asked, after, exchange);
    const page = await this.page(after, asked, exchange, PAGE_MAX_BYTES);
    const isAwaited = asked.waitMs > 0 && page.isEmpty && page.isAtEnd;
    return isAwaited ? this.poll(asked, page.position, exchange) : page;
  }

  /** An endless stream of events. Problems: positionGone (410), tooManyFollowers, overloaded (503). */
  async stream(asked: ChangesRequest, exchange: Exchange): Promise<Readable> {
    const after = await this.startOf(asked);
    // So that a position that is gone is answered with a problem.
    const first = await this.page(after, asked, exchange, CHUNK_MAX_BYTES);
    if (exchange.request.method === 'HEAD') return Readable.from([]);
    const stream = new ChangeStream(asked, after, first, this.following.begin(exchange.request, exchange.reply), {
      head: this.head,
      readOn: (position) => this.page(position, asked, exchange, CHUNK_MAX_BYTES),
      checkCredential: async () => this.finalCheck?.(exchange.request, exchange.reply),
      outlet: new Outlet(exchange.reply.raw, this.underWay, this.config.answerTimeoutMs),
      nowMs: this.clock(),
    });
    return stream.readable;
  }

  private async startOf({ after }: ChangesRequest): Promise<Position | undefined> {
    return after === NOW ? this.latest() : after;
  }

  /** The changes behind a position, as the database has them now. Problems: positionGone, overloaded. */
  private async page(
    after: Position | undefined,
    { limit, ids, isWithItem }: Pick<ChangesRequest, 'limit' | 'ids' | 'isWithItem'>,
    { request, reply }: Exchange,
    maxBytes: number,
  ): Promise<FeedChanges> {
    await this.room.takeMore(request, reply.raw, maxBytes);
    const page = await this.changes.findPage({ after, limit, ids: ids && [...ids], isWithItem, maxBytes });
    if (!page) throw await this.gone(after!);
    return FeedChanges.of(page);
  }

  /** The position behind the newest change. */
  latest(): Promise<Position> {
    return this.changes.findLatest();
  }

  private async poll(asked: ChangesRequest, position: Position, exchange: Exchange): Promise<FeedChanges> {
    const ending = this.following.begin(exchange.request, exchange.reply);
    const untilMs = this.clock() + asked.waitMs;
    for (let from = position; ;) {
      const found = await new ChangePoll({ ...asked, position: from, untilMs, ending }).follow(this.head);
      await this.finalCheck?.(exchange.request, exchange.reply);
      if (found) return found;
      if (found === undefined) throw await this.gone(from);
      const page = await this.page(from, asked, exchange, PAGE_MAX_BYTES);
      if (!page.isEmpty || !page.isAtEnd || this.clock() >= untilMs) return page;
      from = page.position;
    }
  }

  private async gone(position: Position): Promise<Error> {
    return positionGone(positionText(position), positionText(await this.latest()));
  }
}
