import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { traceOf } from './trace-context.js';

/**
 * Logs one line for each answer sent: the request, its operation and caller, the status, the duration. No bodies, no
 * secrets.
 */
export function logRequests(
  fastify: FastifyInstance,
  logger: Logger,
  operationOf: (request: FastifyRequest) => string | undefined,
  nameOf: (request: FastifyRequest) => string,
): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    logger.info(
      {
        requestId: request.id,
        ...traceOf(request),
        method: request.method,
        path: request.originalUrl.split('?', 1)[0]?.slice(0, 300),
        operation: operationOf(request),
        caller: nameOf(request),
        status: reply.statusCode,
        ...(request.problemCode && { code: request.problemCode }),
        ...(request.isRehearsal && { rehearsed: true }),
        durationMs: Math.round(reply.elapsedTime * 1000) / 1000,
      },
      'Request answered',
    );
    done();
  });
}

interface FaultAnswer {
  requestId: string;
  status: number;
  code: string | undefined;
}

/** Logs the answer to a message that Node's parser refused. Its method and path are unknown. */
export function logFault({ requestId, status, code }: FaultAnswer, logger: Logger): void {
  logger.info({ requestId, status, code }, 'Unreadable message answered');
}
