import { RouteConfig } from '@nestjs/platform-fastify';
import type { Operation } from './operation.js';

/**
 * Binds a handler to its declaration. A route that differs from it, or has none, stops the start. A handler whose success
 * is not always 200 sets the status.
 */
export function Answers(operation: Operation): MethodDecorator {
  return RouteConfig({ operation });
}
