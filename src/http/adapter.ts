import { FastifyAdapter } from '@nestjs/platform-fastify';
import { requestIdOf } from './fields/request-id.js';
import { routableUrl } from './head/target.js';
import { PARSER_LIMIT_BYTES } from './wire/size-limits.js';
import { headersTimeoutOf, type Timeouts } from './wire/timeouts.js';

/**
 * Fastify under Nest, set so that nothing is answered past our checks and problems: each setting switches off an answer
 * that Fastify, Nest or Node would give by itself. {@link HttpHooks} does the rest.
 */
export function createAdapter(timeouts: Timeouts): FastifyAdapter {
  const headersTimeout = headersTimeoutOf(timeouts);
  return new FastifyAdapter({
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    http: {
      maxHeaderSize: PARSER_LIMIT_BYTES,
      requireHostHeader: false,
      headersTimeout,
      // How often Node checks for late requests, in ms.
      connectionsCheckingInterval: Math.ceil(headersTimeout / 10),
    },
    keepAliveTimeout: timeouts.keepAliveTimeoutMs,
    requestTimeout: timeouts.requestTimeoutMs,
    return503OnClosing: false,
    rewriteUrl: routableUrl,
    routerOptions: { maxParamLength: PARSER_LIMIT_BYTES },
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
    skipMiddie: true,
  });
}

// Routes have no schemas of Fastify's. Without this it loads Ajv at the start.
function noSchema(): never {
  throw new Error('Schemas of Fastify are not supported: an operation declares its content');
}
