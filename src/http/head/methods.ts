import type { FastifyRequest } from 'fastify';
import { KNOWN_METHODS, pathMeantBy } from '../routes/route-table.js';
import { methodNotAllowed, routeNotFound } from './head.problems.js';
import { methodNotImplemented } from '../wire/message.problems.js';
import { pathIn } from './target.js';

/** Problem: methodNotImplemented (501), as for the methods that Node's parser does not know either. */
export function checkMethodIsKnown({ method }: FastifyRequest): void {
  if (!KNOWN_METHODS.includes(method)) throw methodNotImplemented(method);
}

/** Problem: routeNotFound (404) for an unknown path. */
export function checkRoute(request: FastifyRequest): void {
  if (!request.is404) return;
  const path = pathIn(request.originalUrl);
  throw routeNotFound(path.slice(0, 200), pathMeantBy(path, request.server.resources));
}

/** Problem: methodNotAllowed (405), also for a body or id that is wrong besides. */
export function checkMethod(request: FastifyRequest): void {
  const { operation, allow } = request.route;
  if (!operation && allow && request.method !== 'OPTIONS') throw methodNotAllowed(request.method, allow);
}
