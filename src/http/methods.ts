import type { FastifyRequest } from 'fastify';
import { KNOWN_METHODS } from './contract/route-table.js';
import { methodNotAllowed, routeNotFound } from './problems/http.problems.js';
import { methodNotImplemented } from './problems/message.problems.js';

/** Problem: methodNotImplemented (501), as for the methods that Node's parser does not know either. */
export function checkMethodIsKnown({ method }: FastifyRequest): void {
  if (!KNOWN_METHODS.includes(method)) throw methodNotImplemented(method);
}

/** Problem: routeNotFound (404) for an unknown path. */
export function checkRoute(request: FastifyRequest): void {
  if (request.is404) throw routeNotFound(pathOf(request));
}

/** Problem: methodNotAllowed (405), also for a body or id that is wrong besides. */
export function checkMethod(request: FastifyRequest): void {
  const { operation, allow } = request.route;
  if (!operation && allow && request.method !== 'OPTIONS') throw methodNotAllowed(request.method, allow);
}

function pathOf(request: FastifyRequest): string {
  return (request.originalUrl.split('?', 1)[0] ?? '').slice(0, 200);
}
