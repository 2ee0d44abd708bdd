import type { FastifyReply, FastifyRequest } from 'fastify';
import { holdsBytes } from '../wire/awaited-content.js';
import { isWaitingForContinue, sendContinue } from './expectation.js';
import { endConnection, endsConnection, takeMoreAgain, takeNoMore, takesNoMore } from '../wire/last-request.js';
import { checkHead } from '../../order-of-checks.js';
import { isCutOff, noteUpgrade, whenContentCameAlone } from '../wire/upgrade.js';
import { varyOf } from './vary.js';

/**
 * Fastify's hook before the body: sets what every answer carries, then runs the checks of the head. Synchronous, so that
 * a next request in the same packet finds it done; but where chunks follow that must hold nothing, it goes on when the
 * first is there.
 */
export function judgeHead(request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void {
  // Never answered: its connection closes with the answer before it.
  if (takesNoMore(request.raw.socket)) return void reply.hijack();
  request.route = request.routeOptions.config;
  const { operation } = request.route;
  reply.header('x-request-id', request.id).header('cache-control', operation?.cacheControl ?? 'no-store');
  const vary = varyOf(request);
  if (vary !== undefined) reply.header('vary', vary);
  noteUpgrade(request);
  const refusal = refusalOf(request);
  // A client that waits for 100 sends its chunks only if nothing else speaks against them.
  const isContentAwaited = request.refusalOfContent !== undefined && !(refusal && isWaitingForContinue(request));
  if (refusal && !isContentAwaited) return fail(refusal, request, next);
  if (isCutOff(request)) {
    endConnection(request, reply);
    whenContentCameAlone(request, () => takeMoreAgain(request, reply));
  }
  sendContinue(request, reply);
  if (isContentAwaited) void goOnWithContent(refusal, request, reply, next);
  else next();
}

function refusalOf(request: FastifyRequest): Error | undefined {
  try {
    checkHead(request);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function fail(refusal: Error, request: FastifyRequest, next: (error: Error) => void): void {
  if (endsConnection(refusal, request)) takeNoMore(request.raw.socket);
  next(refusal);
}

/** RFC 9112 §7.1: chunks of no bytes are no content. Proxies make them of HTTP/2 requests that have none. */
async function goOnWithContent(
  refusal: Error | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  next: (error?: Error) => void,
): Promise<void> {
  const hasContent = await holdsBytes(request.raw);
  if (hasContent === undefined) return void reply.hijack();
  request.raw.resume();
  const first = hasContent ? request.refusalOfContent : refusal;
  if (first) fail(first, request, next);
  else next();
}
