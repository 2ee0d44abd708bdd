import { RouteConfig } from '@nestjs/platform-fastify';
import type { Operation } from './operation.js';

/**
 * Binds a handler to its declaration. The start fails if a route differs from its declaration or has none. A handler whose
 * success is not always 200 sets the status itself.
 */
export function Answers(operation: Operation): MethodDecorator {
  return RouteConfig({ operation });
}
