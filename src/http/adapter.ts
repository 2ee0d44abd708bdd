import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest, onSendHookHandler } from 'fastify';
import type { Operation } from './contract/operation.js';
import { RouteTable } from './contract/route-table.js';
import type { Watch } from './contract/watch.js';
import { BODY_LIMIT_BYTES, decodeContent } from './content.js';
import { readJson } from './body/json-body.js';
import { judgeExpectations, sendContinue } from './expectation.js';
import { checkHead } from './order-of-checks.js';
import { PARSER_LIMIT_BYTES } from './parser-error.js';
import { ParserFaults, type AnswerToFault } from './parser-faults.js';
import { JSON_PATCH, MERGE_PATCH } from './patch/patch.js';
import type { PublicUrl } from './public-url.js';
import { requestIdOf } from './request-id.js';
import { routableUrl } from './target.js';
import { varyByAccept, varyByPrefer } from './vary.js';

/** What the HTTP side is made of. */
export interface AdapterParts {
  /** How long a request may take to arrive, in milliseconds. */
  requestTimeoutMs: number;
  publicUrl: PublicUrl;
  operations: Operation[];
  watch: Watch;
  /** Told of the answers that no hook of Fastify sees, before they leave. */
  onFaultAnswered: (answer: AnswerToFault) => void;
}

/**
 * Fastify under Nest, set so that nothing is answered past our checks and problems: the settings below each switch off
 * an answer of Fastify's or Node's own. `completeRoutes` must run once all of Nest's routes stand.
 */
export function createAdapter(parts: AdapterParts): { adapter: FastifyAdapter; completeRoutes: () => void } {
  const { requestTimeoutMs, publicUrl, operations, watch, onFaultAnswered } = parts;
  const parserFaults = new ParserFaults(publicUrl, onFaultAnswered);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    clientErrorHandler: parserFaults.handle,
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    http: {
      maxHeaderSize: PARSER_LIMIT_BYTES,
      requireHostHeader: false,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: requestTimeoutMs / 4,
    },
    requestTimeout: requestTimeoutMs,
    return503OnClosing: false,
    rewriteUrl: routableUrl,
    routerOptions: { maxParamLength: PARSER_LIMIT_BYTES },
    skipMiddie: true,
  });
  const fastify = adapter.getInstance();
  const routes = new RouteTable(operations);

  // Node would drop the fields past 2,000 in silence, Host and Content-Length among them.
  fastify.server.maxHeadersCount = 0;
  // Node would hang up on a client that has sent its request whole and closed its sending side.
  Object.assign(fastify.server, { httpAllowHalfOpen: true });
  parserFaults.listen(fastify.server);
  judgeExpectations(fastify.server);
  fastify.addHook('onRoute', (route) => {
    routes.check(route);
    if (route.method === 'HEAD') route.onSend = [route.onSend ?? [], dropLengthOf304].flat();
  });
  fastify.addHook('onRequest', (request, reply, next) => {
    const { operation } = request.routeOptions.config;
    reply.headers({ 'x-request-id': request.id, 'cache-control': operation?.cacheControl ?? 'no-store' });
    varyByAccept(request, reply);
    varyByPrefer(request, reply);
    checkHead(request);
    sendContinue(request, reply);
    next();
  });
  watch.observe(fastify);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    ['application/json', MERGE_PATCH, JSON_PATCH],
    { parseAs: 'buffer' },
    readContent,
  );
  return { adapter, completeRoutes: () => routes.complete(fastify) };
}

// Fastify's own handler, which runs before, gives HEAD the length of what was to be sent: of a 304, 0. RFC 9110 §8.6: a
// Content-Length there must be that of the 200.
const dropLengthOf304: onSendHookHandler = (_request, reply, payload, done) => {
  if (reply.statusCode === 304) reply.removeHeader('content-length');
  done(null, payload);
};

async function readContent(request: FastifyRequest, bytes: Buffer): Promise<unknown> {
  return readJson(await decodeContent(request, bytes));
}
