import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Operation } from './contract/operation.js';
import { methodNotAllowed, methodNotImplemented, routeNotFound } from './problems/http.problems.js';

/** The methods that the service knows: RFC 9110 §9.3 without CONNECT, PATCH (RFC 5789) and QUERY (RFC 10008). */
const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

interface Resource {
  methods: Set<string>;
  params: Operation['params'];
}

/** The methods that each path offers, gathered while Nest registers its routes. */
export class MethodTable {
  private readonly resources = new Map<string, Resource>();

  /** For Fastify's onRoute hook. Fastify adds HEAD to every GET by itself. */
  add(route: RouteOptions): void {
    const { methods } = this.resources.get(route.url) ?? { methods: new Set(['OPTIONS']) };
    for (const method of [route.method].flat()) methods.add(method);
    this.resources.set(route.url, { methods, params: route.config?.operation?.params });
  }

  /** After the last route of Nest: OPTIONS for every path, and 405 with Allow for what it does not offer. */
  completeRoutes(fastify: FastifyInstance): void {
    for (const [url, { methods, params }] of Array.from(this.resources)) {
      const allow = [...methods].sort().join(', ');
      const missing = KNOWN_METHODS.filter((method) => !methods.has(method));
      fastify.route({ url, method: 'OPTIONS', config: { allow, params }, handler: answerOptions });
      fastify.route({ url, method: missing, config: { allow }, exposeHeadRoute: false, handler: unreachable });
    }
  }
}

/** Problems: methodNotImplemented (501) for an unknown method, routeNotFound (404) for an unknown path. */
export function checkRoute(request: FastifyRequest): void {
  if (!KNOWN_METHODS.includes(request.method)) throw methodNotImplemented(request.method);
  // `/items/` would match `/items/:id` with an empty id.
  if (request.is404 || Object.values(request.params as object).includes('')) throw routeNotFound(pathOf(request));
}

/** Problem: methodNotAllowed (405), also for a body or id that is wrong besides. */
export function checkMethod(request: FastifyRequest): void {
  const { operation, allow } = request.routeOptions.config;
  if (!operation && allow && request.method !== 'OPTIONS') throw methodNotAllowed(request.method, allow);
}

// RFC 9110 §9.3.7; 204 without content.
function answerOptions(request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(204).header('allow', request.routeOptions.config.allow).send();
}

function unreachable(): never {
  throw new Error('The method check lets no request through to here');
}

function pathOf(request: FastifyRequest): string {
  return (request.originalUrl.split('?', 1)[0] ?? '').slice(0, 200);
}
