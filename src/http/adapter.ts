import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { BODY_LIMIT_BYTES } from './content.js';
import { readJson } from './body/json-body.js';
import { judgeExpectations, sendContinue } from './expectation.js';
import { checkHead } from './head-checks.js';
import { routableUrl } from './message.js';
import { MethodTable } from './methods.js';
import { HEADER_LIMIT_BYTES, ParserFaults, type AnswerToFault } from './parser-faults.js';
import type { PublicUrl } from './public-url.js';
import { requestIdOf } from './request-id.js';

/**
 * Fastify under Nest, set so that nothing is answered past our checks and problems: the settings below each switch off
 * an answer of Fastify's or Node's own. `completeRoutes` must run once all of Nest's routes stand; `onFaultAnswered` is
 * told of the answers that no hook of Fastify sees.
 */
export function createAdapter(
  publicUrl: PublicUrl,
  onFaultAnswered: (answer: AnswerToFault) => void,
): { adapter: FastifyAdapter; completeRoutes: () => void } {
  const parserFaults = new ParserFaults(publicUrl, onFaultAnswered);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    clientErrorHandler: parserFaults.handle,
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    http: { maxHeaderSize: HEADER_LIMIT_BYTES, requireHostHeader: false },
    return503OnClosing: false,
    rewriteUrl: routableUrl,
    routerOptions: { maxParamLength: HEADER_LIMIT_BYTES },
    skipMiddie: true,
  });
  const fastify = adapter.getInstance();
  const methods = new MethodTable();

  parserFaults.watch(fastify.server);
  judgeExpectations(fastify.server);
  fastify.addHook('onRoute', (route) => methods.add(route));
  fastify.addHook('onRequest', (request, reply, next) => {
    const { operation } = request.routeOptions.config;
    reply.headers({ 'x-request-id': request.id, 'cache-control': operation?.cacheControl ?? 'no-store' });
    checkHead(request);
    sendContinue(request, reply);
    next();
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, readContent);
  return { adapter, completeRoutes: () => methods.completeRoutes(fastify) };
}

async function readContent(_request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  return readJson(bytes);
}
