import { Catch, type ArgumentsHost, type ExceptionFilter, type HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { endConnection, endsConnection } from './wire/last-request.js';
import { closeWithLinger } from './wire/lingering-close.js';
import { PublicUrl } from '../config/public-url.js';
import { ProblemsOfExceptions } from './problems-of-exceptions.js';
import type { Problem } from '../problems/problem.js';
import { problemBody } from '../problems/problem-body.js';
import { traceOf } from '../telemetry/trace-context.js';

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
    private readonly problems: ProblemsOfExceptions,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = this.problems.of(exception, request, request.id, traceOf(request));
    const problem = known.getResponse() as Problem;
    const status = known.getStatus();
    request.problemCode = problem.type.code;
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
}

function asText(payload: unknown): string {
  return payload as string;
}

// RFC 9110 §15.1: caches may store a 404 by heuristics. So 404 and 412 of a private resource have its Cache-Control. All
// other problems are no-store.
function cacheControlOf(request: FastifyRequest, status: number): string {
  const { cacheControl = 'no-store' } = request.route.operation ?? {};
  return (status === 404 || status === 412) && cacheControl.startsWith('private') ? cacheControl : 'no-store';
}
