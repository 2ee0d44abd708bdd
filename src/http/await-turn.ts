import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allClosed, type AnswersUnderWay } from './answers-under-way.js';

/**
 * Lets a pipelined request go on once what it may not run beside is answered (RFC 9112 §9.3.2). Else a DELETE, which has no
 * content to wait for, would overtake the PUT before it.
 */
export function awaitTurn(
  underWay: AnswersUnderWay,
  request: FastifyRequest,
  reply: FastifyReply,
  next: () => void,
): void {
  const ahead = underWay.aheadOf(reply.raw);
  if (ahead.length === 0) next();
  else void goOnAfter(ahead, request, reply, next);
}

async function goOnAfter(
  ahead: ServerResponse[],
  { raw: { socket } }: FastifyRequest,
  reply: FastifyReply,
  next: () => void,
): Promise<void> {
  await allClosed(ahead);
  // Never carried out: its connection closed with an answer before it.
  if (!socket.writable) reply.hijack();
  else next();
}
