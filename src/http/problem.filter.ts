import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { endConnection, endsConnection } from './wire/last-request.js';
import { closeWithLinger } from './wire/lingering-close.js';
import { PublicUrl } from '../config/public-url.js';
import { LOGGER } from '../telemetry/logger.js';
import { unexpected } from '../problems/unexpected.problems.js';
import { Problem } from '../problems/problem.js';
import { problemBody } from '../problems/problem-body.js';

/** Turns an exception of another area into an HttpException. Undefined: it is not foreseen, and becomes a 500. */
type Translator = (exception: unknown, request: FastifyRequest) => HttpException | undefined;

/** Injection token of all translators. */
export const TRANSLATORS = Symbol('Translators');

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the problem that was answered, for the watch and the log. */
    problemCode?: string;
  }
}

/** The one place where exceptions become answers. Every answer is a problem (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly publicUrl: PublicUrl,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(TRANSLATORS) private readonly translators: Translator[],
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = this.knownProblem(exception, request) ?? unexpected();
    const problem = known.getResponse() as Problem;
    const status = known.getStatus();
    request.problemCode = problem.type.code;
    if (status >= 500 && known !== exception) this.logFailure(exception, problem, request);
    this.settleConnection(request, reply, known);
    reply
      .status(status)
      .header('cache-control', cacheControlOf(request, status))
      .headers(problem.details.fields ?? {})
      .header('content-type', 'application/problem+json');
    // With a serializer of its own Fastify adds no charset parameter. Text is written together with the head.
    void reply.serializer(asText).send(JSON.stringify(problemBody(problem, status, request.id, this.publicUrl)));
  }

  // Fastify sets Connection: close after every fault of a body. That is right only if the body is not read to its end, or
  // if the client or the drain (on the raw answer) wants it.
  private settleConnection(request: FastifyRequest, reply: FastifyReply, exception: HttpException): void {
    if (endsConnection(exception, request)) {
      endConnection(request, reply);
    } else if (!request.raw.complete) {
      // The connection may close all the same, since the client asked for it or speaks HTTP/1.0, and it is still sending.
      closeWithLinger(request.raw.socket);
    } else if (reply.hasHeader('connection') && reply.raw.shouldKeepAlive && !reply.raw.hasHeader('connection')) {
      // Overwritten, not removed: without the field Node forgets that the client has closed its sending side.
      reply.header('connection', 'keep-alive');
    }
  }

  private knownProblem(exception: unknown, request: FastifyRequest): HttpException | undefined {
    const candidates = [exception, ...this.translators.map((translate) => translate(exception, request))];
    return candidates.find(
      (one): one is HttpException => one instanceof HttpException && one.getResponse() instanceof Problem,
    );
  }

  private logFailure(exception: unknown, problem: Problem, request: FastifyRequest): void {
    const cause = exception instanceof HttpException ? (exception.cause ?? exception) : exception;
    if (isTold(cause)) return;
    this.logger.error({ requestId: request.id, code: problem.type.code, err: cause }, 'The request failed');
  }
}

function asText(payload: unknown): string {
  return payload as string;
}

/** Whether the failure is logged already, once for all requests that it affects. */
function isTold(failure: unknown): boolean {
  const { cause } = failure as { cause?: { isTold?: boolean } };
  return cause?.isTold === true;
}

// RFC 9110 §15.1: caches may store a 404 by heuristics. So 404 and 412 of a private resource have its Cache-Control. All
// other problems are no-store.
function cacheControlOf(request: FastifyRequest, status: number): string {
  const { cacheControl = 'no-store' } = request.route.operation ?? {};
  return (status === 404 || status === 412) && cacheControl.startsWith('private') ? cacheControl : 'no-store';
}
