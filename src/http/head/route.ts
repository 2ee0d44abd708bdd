import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KNOWN_METHODS } from '../routes/known-methods.js';
import { Resources } from '../routes/resources.js';
import { methodNotImplemented } from '../wire/message.problems.js';
import type { HeadCheck } from './head-judge.js';
import { methodNotAllowed, routeNotFound } from './head.problems.js';
import { pathIn } from './target.js';

/** Problem: methodNotImplemented (501), as for methods that Node's parser does not know. */
export function checkMethodIsKnown({ method }: FastifyRequest): void {
  if (!KNOWN_METHODS.includes(method)) throw methodNotImplemented(method);
}

/** Checks that the path is that of a resource. */
@Injectable()
export class RouteCheck implements HeadCheck {
  /** Judges the path before, if some paths are on another port. */
  ports: HeadCheck | undefined;

  constructor(private readonly resources: Resources) {}

  /** Problem: routeNotFound (404) for an unknown path. */
  check(request: FastifyRequest, reply: FastifyReply): void {
    void this.ports?.check(request, reply);
    const { is404, originalUrl } = request;
    if (!is404) return;
    const path = pathIn(originalUrl);
    throw routeNotFound(path.slice(0, 200), this.resources.pathMeantBy(path));
  }
}

/** Problem: methodNotAllowed (405), even if the body or a path parameter is wrong too. */
export function checkMethod(request: FastifyRequest): void {
  const { operation, allow } = request.route;
  if (!operation && allow && request.method !== 'OPTIONS') throw methodNotAllowed(request.method, allow);
}
