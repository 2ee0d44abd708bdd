import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../../contract/operation.js';
import { holdsBytes } from '../wire/awaited-body.js';
import { isWaitingForContinue, sendContinue } from '../wire/continue.js';
import { endConnection, endsConnection, takeMoreAgain, takeNoMore, takesNoMore } from '../wire/last-request.js';
import { isCutOff, noteUpgrade, whenBodyCameAlone } from '../wire/upgrade.js';
import { varyOf } from './vary.js';

/**
 * Checks one thing in the head of a request, and may set fields of the answer, whatever that is. Throws the problem that
 * refuses it. A promise is waited for.
 */
export type Check = (request: FastifyRequest, reply: FastifyReply) => void | Promise<void>;

/** A check that needs live parts, and so is a provider. */
export interface HeadCheck {
  check: Check;
  /** False if the settings turn it off: it is then never run. */
  readonly isInForce?: boolean;
}

/** Injection token of the checks of the head, in their order. */
export const HEAD_CHECKS = Symbol('HeadChecks');

/**
 * Injection token of the check right before the handler, of what may have changed while the request waited for its body or its
 * turn; undefined if there is none.
 */
export const FINAL_CHECK = Symbol('FinalCheck');

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation of this route; absent for OPTIONS and for methods that are not offered. */
    operation?: Operation;
  }

  interface FastifyRequest {
    /** Configuration of the route, set before the first check. Fastify makes `routeOptions` again at each access. */
    route: FastifyContextConfig & { url?: string };
  }
}

/** Judges every request by its head, before its body is read. */
@Injectable()
export class HeadJudge {
  constructor(@Inject(HEAD_CHECKS) private readonly checks: Check[]) {}

  /**
   * Fastify's hook: sets the fields of every answer, then runs the checks. It is synchronous unless a check waits, so it is
   * done before the next request of the same packet. If the chunks that follow must be empty, it waits for the first.
   */
  readonly judge = (request: FastifyRequest, reply: FastifyReply, next: (error?: Error) => void): void => {
    // An earlier answer closes the connection, so this request gets none.
    if (takesNoMore(request.raw.socket)) return void reply.hijack();
    request.route = request.routeOptions.config;
    const { operation } = request.route;
    if (operation) request.raw.operationId = operation.id;
    reply
      .header('x-request-id', request.id)
      .header('cache-control', operation?.cacheControl ?? 'no-store')
      .header('x-content-type-options', 'nosniff');
    const vary = varyOf(request);
    if (vary !== undefined) reply.header('vary', vary);
    noteUpgrade(request);
    this.run(request, reply, 0, (refusal) => settle(refusal, request, reply, next));
  };

  private run(request: FastifyRequest, reply: FastifyReply, from: number, done: (refusal?: Error) => void): void {
    for (let at = from; at < this.checks.length; at += 1) {
      try {
        const pending = this.checks[at]!(request, reply);
        if (pending) return void pending.then(() => this.run(request, reply, at + 1, done), done);
      } catch (error) {
        return done(error as Error);
      }
    }
    done();
  }
}

function settle(
  refusal: Error | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  next: (error?: Error) => void,
): void {
  // A client that waits for 100 gets it, and sends its chunks, only if no check refused.
  const isBodyAwaited = request.refusalOfBody !== undefined && !(refusal && isWaitingForContinue(request));
  if (refusal && !isBodyAwaited) return fail(refusal, request, next);
  if (isCutOff(request)) {
    endConnection(request, reply);
    whenBodyCameAlone(request, () => takeMoreAgain(request, reply));
  }
  sendContinue(request, reply);
  if (isBodyAwaited) void goOnWithBody(refusal, request, reply, next);
  else next();
}

function fail(refusal: Error, request: FastifyRequest, next: (error: Error) => void): void {
  if (endsConnection(refusal, request)) takeNoMore(request.raw.socket);
  next(refusal);
}

/** RFC 9112 §7.1: chunks of no bytes are no body. Proxies send them for HTTP/2 requests without one. */
async function goOnWithBody(
  refusal: Error | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
  next: (error?: Error) => void,
): Promise<void> {
  let hasBody: boolean | undefined;
  try {
    hasBody = await holdsBytes(request.raw);
  } catch (error) {
    return fail(error as Error, request, next);
  }
  if (hasBody === undefined) return void reply.hijack();
  request.raw.resume();
  const first = hasBody ? request.refusalOfBody : refusal;
  if (first) fail(first, request, next);
  else next();
}
