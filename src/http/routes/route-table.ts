import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { CONTRACT, type Contract } from '../../contract/contract.js';
import type { Operation } from '../../contract/operation.js';
import { KNOWN_METHODS } from './known-methods.js';
import { Resources } from './resources.js';

/** The route of the target `*`, the server as a whole (RFC 9110 §7.1). No path that a caller sends leads here. */
export const WHOLE_SERVER = '//server';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The value of Allow for this path, on routes without an operation. */
    allow?: string;
    /** The value of Accept-Patch for this path, on OPTIONS routes; empty without PATCH. */
    acceptPatch?: string;
    /** The value of Accept-Query for this path, on OPTIONS routes; empty without QUERY. */
    acceptQuery?: string;
    /** Path parameters of an OPTIONS route. */
    params?: Operation['params'];
  }
}

/** Checks the routes that Nest registers against the declarations, and adds those that no controller has. */
@Injectable()
export class RouteTable {
  private readonly bound = new Set<Operation>();

  constructor(
    @Inject(CONTRACT) private readonly contract: Contract,
    private readonly resources: Resources,
  ) {}

  /** For Fastify's onRoute hook. Throws if the route of a controller differs from its declaration. */
  check({ config, method, url }: RouteOptions): void {
    if (config?.allow) return;
    const operation = config?.operation;
    if (!operation || !this.contract.operations.includes(operation))
      throw new Error(`${String(method)} ${url} has no declaration`);
    const isHeadOfGet = method === 'HEAD' && operation.method === 'GET';
    if (url !== operation.path || (method !== operation.method && !isHeadOfGet)) {
      throw new Error(
        `${operation.id} declares ${operation.method} ${operation.path}, but serves ${String(method)} ${url}`,
      );
    }
    this.bound.add(operation);
  }

  /** Call after the last controller. Adds OPTIONS to every path, and a route for each method that the path does not offer. */
  complete(fastify: FastifyInstance): void {
    const unbound = this.contract.operations.filter((operation) => !this.bound.has(operation));
    if (unbound.length > 0) throw new Error(`No handler is bound to ${unbound.map(({ id }) => id).join(', ')}`);
    const everywhere = [...new Set(this.resources.all.flatMap(({ methods }) => methods))].sort().join(', ');
    // RFC 9110 §9.3.7: `OPTIONS *` asks about the server as a whole.
    fastify.route({ url: WHOLE_SERVER, method: 'OPTIONS', config: { allow: everywhere }, handler: answerOptions });
    for (const { path: url, methods, params, patchTypes, queryTypes } of this.resources.all) {
      const allow = methods.join(', ');
      const missing = KNOWN_METHODS.filter((method) => !methods.includes(method));
      fastify.route({
        url,
        method: 'OPTIONS',
        config: { allow, acceptPatch: patchTypes.join(', '), acceptQuery: queryTypes.join(', '), params },
        handler: answerOptions,
      });
      fastify.route({ url, method: missing, config: { allow }, exposeHeadRoute: false, handler: unreachable });
    }
  }
}

// RFC 9110 §9.3.7, RFC 5789 §3.1, RFC 10008 §3.
function answerOptions({ route }: FastifyRequest, reply: FastifyReply): void {
  const { allow, acceptPatch, acceptQuery } = route;
  if (acceptPatch) reply.header('accept-patch', acceptPatch);
  if (acceptQuery) reply.header('accept-query', acceptQuery);
  void reply.code(204).header('allow', allow).send();
}

function unreachable(): never {
  throw new Error('The method check lets no request through to here');
}
