import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendContinue } from './expectation.js';
import { closeWithLinger } from './lingering-close.js';
import { endsConnection, offersUpgrade, takeNoMore, takesNoMore } from './last-request.js';
import { checkHead } from './order-of-checks.js';
import { varyOf } from './vary.js';

/**
 * Fastify's hook before the body: sets what every answer carries, then runs the checks of the head. Synchronous, so that
 * a next request in the same packet finds it done.
 */
export function judgeHead(request: FastifyRequest, reply: FastifyReply, next: () => void): void {
  const { socket } = request.raw;
  // Never answered: its connection closes with the answer before it.
  if (takesNoMore(socket)) return void reply.hijack();
  request.route = request.routeOptions.config;
  const { operation } = request.route;
  reply.header('x-request-id', request.id).header('cache-control', operation?.cacheControl ?? 'no-store');
  const vary = varyOf(request);
  if (vary !== undefined) reply.header('vary', vary);
  try {
    checkHead(request);
  } catch (error) {
    if (endsConnection(error, request)) takeNoMore(socket);
    throw error;
  }
  if (offersUpgrade(request)) {
    takeNoMore(socket);
    reply.header('connection', 'close');
    closeWithLinger(socket);
  }
  sendContinue(request, reply);
  next();
}
