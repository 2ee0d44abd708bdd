import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allClosed, AnswersUnderWay } from '../wire/answers-under-way.js';
import { Room } from './room.js';

/** Lets each request go on when it is its turn. */
@Injectable()
export class Turns {
  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly room: Room,
  ) {}

  /**
   * Fastify's hook behind the checks of the head. A request waits until its connection has less under way, until the
   * requests that it can't run beside are answered, and until there is room for it. RFC 9112 §9.3.2: else a DELETE, which
   * has no body to wait for, would overtake the PUT before it. Problem: overloaded (503).
   */
  readonly take = (request: FastifyRequest, reply: FastifyReply, next: (refusal?: Error) => void): void => {
    const { underWay, room } = this;
    const response = reply.raw;
    const { socket } = request.raw;
    const turn = underWay.turnOf(response, request.route.operation?.largestAnswerBytes);
    // Its connection is gone, or closes with an earlier answer.
    if (!turn || !socket.writable) return void reply.hijack();
    if (turn.isAlone) return room.admit(request, turn.share, next);
    const goOn = () => {
      if (!socket.writable) return void reply.hijack();
      const ahead = underWay.aheadOf(response);
      if (ahead.length === 0) room.admit(request, turn.share, next);
      else void goOnAfter(ahead, request, reply, () => room.admit(request, turn.share, next));
    };
    if (turn.stopped) turn.stopped.goOn = goOn;
    else goOn();
  };
}

async function goOnAfter(
  ahead: ServerResponse[],
  { raw: { socket } }: FastifyRequest,
  reply: FastifyReply,
  next: () => void,
): Promise<void> {
  await allClosed(ahead);
  // An earlier answer closed the connection, so this request is not carried out.
  if (!socket.writable) reply.hijack();
  else next();
}
