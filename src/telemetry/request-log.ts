import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/** One line for each answer that left: what was asked, what was answered, how long it took. No content, no secrets. */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        path: request.originalUrl.split('?', 1)[0]?.slice(0, 300),
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

/** The same for a message that Node's parser refused, so that its method and path are unknown. */
export function logFault({ requestId, status, code }: FaultAnswer, logger: Logger): void {
  logger.info({ requestId, status, code }, 'Unreadable message answered');
}
