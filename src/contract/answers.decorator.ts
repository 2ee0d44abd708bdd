import { applyDecorators, HttpCode } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { successesOf, type Operation } from './operation.js';

/** Binds a handler to its declaration. A route that differs from it, or has none, stops the start. */
export function Answers(operation: Operation): MethodDecorator {
  const [status] = successesOf(operation)[0] ?? [200];
  return applyDecorators(RouteConfig({ operation }), HttpCode(status));
}
