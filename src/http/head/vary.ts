import type { FastifyRequest } from 'fastify';
import { WHOLE_SERVER } from '../routes/route-table.js';

/**
 * What Vary says of the answer: the fields that chose it, or might have (RFC 9110 §12.5.5). Accept chooses on every
 * resource, between what it has and 406; Prefer where an operation follows it (RFC 7240 §2).
 */
export function varyOf({ is404, route }: FastifyRequest): string | undefined {
  if (is404 || route.url === WHOLE_SERVER) return undefined;
  return route.operation?.followsPrefer ? 'Accept, Prefer' : 'Accept';
}
