import type { FastifyRequest } from 'fastify';
import { WHOLE_SERVER } from '../routes/route-table.js';

/**
 * The value of Vary: the request fields that the answer may depend on (RFC 9110 §12.5.5). Every resource depends on Accept,
 * if only for 406, and operations that follow Prefer on that (RFC 7240 §2).
 */
export function varyOf({ is404, route }: FastifyRequest): string | undefined {
  if (is404 || route.url === WHOLE_SERVER) return undefined;
  return route.operation?.followsPrefer ? 'Accept, Prefer' : 'Accept';
}
