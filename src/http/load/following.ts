import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import { Drain } from '../wire/drain.js';
import { tooManyFollowers } from './following.problems.js';

/**
 * The requests that wait on purpose, for what has not happened yet. They have a bound of their own, and don't count in MAX_WAITING.
 * Whoever follows is told to end when the client is gone or has closed its sending side, when it sends another request behind this one,
 * whose answer would have to wait, and when the service stops.
 */
@Injectable()
export class Following {
  /** Ends each of them. */
  private readonly followers = new Set<() => void>();

  /** How many requests found no place. */
  refused = 0;

  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly drain: Drain,
    @Inject(CONFIG) private readonly config: Pick<Config, 'maxFollowers'>,
  ) {
    drain.ending.addEventListener('abort', () => {
      for (const end of this.followers) end();
    });
  }

  /** How many follow now. */
  get count(): number {
    return this.followers.size;
  }

  /** Takes a place until the answer is over. The signal says when to end. Problem: tooManyFollowers (503). */
  begin({ raw: { socket } }: FastifyRequest, { raw: response }: FastifyReply): AbortSignal {
    const { followers, config, drain } = this;
    if (followers.size >= config.maxFollowers) {
      this.refused += 1;
      throw tooManyFollowers(config.maxFollowers);
    }
    const ending = new AbortController();
    const end = () => ending.abort();
    const leave = () => {
      response.off('close', leave);
      socket.off('close', leave);
      socket.off('end', end);
      followers.delete(end);
      end();
    };
    followers.add(end);
    response.on('close', leave);
    // When a connection is lost, Node closes only its first response.
    socket.on('close', leave);
    // A client that is gone can't be told from one that has only stopped sending. That one gets its answer now.
    socket.on('end', end);
    if (socket.destroyed) leave();
    else if (socket.readableEnded || drain.ending.aborted) end();
    else this.underWay.follow(response, end);
    return ending.signal;
  }
}
