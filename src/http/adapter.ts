import type { ServerOptions } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { requestIdOf } from './fields/request-id.js';
import { routableUrl } from './head/target.js';
import { PARSER_LIMIT_BYTES } from './wire/size-limits.js';
import { headersTimeoutOf, type Timeouts } from './wire/timeouts.js';

/**
 * Makes Fastify for Nest. The settings switch off the answers that Fastify, Nest or Node would give by themselves, without
 * our checks and problems. {@link HttpHooks} does the rest.
 */
export function createAdapter(timeouts: Timeouts): FastifyAdapter {
  return new FastifyAdapter({
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
    http: serverOptions(timeouts),
    keepAliveTimeout: timeouts.keepAliveTimeoutMs,
    requestTimeout: timeouts.requestTimeoutMs,
    return503OnClosing: false,
    rewriteUrl: routableUrl,
    routerOptions: { maxParamLength: PARSER_LIMIT_BYTES },
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
    skipMiddie: true,
  });
}

/** The options of Node's server that can be set only when it is made. */
export function serverOptions(timeouts: Timeouts): ServerOptions {
  const headersTimeout = headersTimeoutOf(timeouts);
  return {
    maxHeaderSize: PARSER_LIMIT_BYTES,
    requireHostHeader: false,
    headersTimeout,
    // How often Node checks for late requests, in ms.
    connectionsCheckingInterval: Math.ceil(headersTimeout / 10),
  };
}

// Routes have no Fastify schemas. Without this Fastify loads Ajv at the start.
function noSchema(): never {
  throw new Error('Fastify schemas are not supported: an operation declares its body');
}
