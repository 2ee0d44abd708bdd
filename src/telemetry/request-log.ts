import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/**
 * Logs one line for each answer sent: the request, its caller as `nameOf` says, the status, the duration. No bodies, no
 * secrets.
 */
export function logRequests(
  fastify: FastifyInstance,
  logger: Logger,
  nameOf: (request: FastifyRequest) => string,
): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        path: request.originalUrl.split('?', 1)[0]?.slice(0, 300),
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
