import type { Socket } from 'node:net';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isWaitingForContinue } from './continue.js';
import { closeWithLinger, closeWithoutLinger } from './lingering-close.js';
import { Problem } from '../../problems/problem.js';
import { isCutOff } from './upgrade.js';

const ended = new WeakSet<Socket>();

/** Whether the answer to this exception is the last on its connection: where the next request begins is not certain. */
export function endsConnection(exception: unknown, request: FastifyRequest): boolean {
  const problem = exception instanceof HttpException ? exception.getResponse() : undefined;
  return (
    (problem instanceof Problem && problem.details.fields?.connection === 'close') ||
    isWaitingForContinue(request) ||
    isCutOff(request)
  );
}

/**
 * RFC 9112 §9.6: once it has said that it closes the connection, a server carries out no further request on it. Node
 * would: those that came in one packet with this one it hands on at once.
 */
export function takeNoMore(socket: Socket): void {
  ended.add(socket);
}

/** Makes this answer the last on its connection, and says so. */
export function endConnection({ raw: { socket } }: FastifyRequest, reply: FastifyReply): void {
  takeNoMore(socket);
  reply.header('connection', 'close');
  closeWithLinger(socket);
}

/** Takes that back, unless the client wants it. */
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
