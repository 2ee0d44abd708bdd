import type { Socket } from 'node:net';
import { HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isWaitingForContinue } from './expectation.js';
import { closeWithLinger } from './lingering-close.js';
import { Problem } from './problems/problem.js';

const ended = new WeakSet<Socket>();

/** Whether the answer to this exception is the last on its connection: where the next request begins is not certain. */
export function endsConnection(exception: unknown, request: FastifyRequest): boolean {
  const problem = exception instanceof HttpException ? exception.getResponse() : undefined;
  return (
    (problem instanceof Problem && problem.details.headers?.connection === 'close') ||
    isWaitingForContinue(request) ||
    offersUpgrade(request)
  );
}

/**
 * Whether the request offers to go on in another protocol, which is ignored (RFC 9110 §7.8). Node's parser then drops
 * what came with it and stands behind it; so its answer is the last, and the client knows.
 */
export function offersUpgrade({ headers }: FastifyRequest): boolean {
  return headers.upgrade !== undefined;
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

/** Whether an earlier request was the last of this connection. */
export function takesNoMore(socket: Socket): boolean {
  return ended.has(socket);
}
