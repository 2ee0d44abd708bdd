import type { Socket } from 'node:net';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isWaitingForContinue } from './continue.js';
import { closeWithLinger, closeWithoutLinger } from './lingering-close.js';
import { Problem } from '../../problems/problem.js';
import { isCutOff } from './upgrade.js';

const ended = new WeakSet<Socket>();

/** Whether the answer to this exception must be the last on its connection: it is not certain where the next request begins. */
export function endsConnection(exception: unknown, request: FastifyRequest): boolean {
  const problem = exception instanceof HttpException ? exception.getResponse() : undefined;
  return (
    (problem instanceof Problem && problem.details.fields?.connection === 'close') ||
    isWaitingForContinue(request) ||
    isCutOff(request)
  );
}

/**
 * Ignores all further requests of a connection. RFC 9112 §9.6: a server that has announced the close carries out no more of
 * them. Node would, if they came in the same packet.
 */
export function takeNoMore(socket: Socket): void {
  ended.add(socket);
}

/** Makes this answer the last on its connection, and announces the close. */
export function endConnection({ raw: { socket } }: FastifyRequest, reply: FastifyReply): void {
  takeNoMore(socket);
  reply.header('connection', 'close');
  closeWithLinger(socket);
}

/** Undoes endConnection(), unless the client wants the close too. */
export function takeMoreAgain({ raw: { socket } }: FastifyRequest, reply: FastifyReply): void {
  if (!reply.raw.shouldKeepAlive) return;
  ended.delete(socket);
  reply.header('connection', 'keep-alive');
  closeWithoutLinger(socket);
}

/** Whether an earlier request was the last of this connection. */
export function takesNoMore(socket: Socket): boolean {
  return ended.has(socket);
}
