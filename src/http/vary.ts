import type { FastifyReply, FastifyRequest } from 'fastify';
import { WHOLE_SERVER } from './target.js';

/** Adds a field of the request to those that chose this answer, or might have (RFC 9110 §12.5.5). */
export function addVary(reply: FastifyReply, field: string): void {
  const given = reply.getHeader('vary');
  const fields = given === undefined ? [] : String(given).split(', ');
  if (!fields.includes(field)) reply.header('vary', [...fields, field].join(', '));
}

/** Accept chooses on every resource, between what it has and 406; so each of its answers says so, whatever it is. */
export function varyByAccept({ is404, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  if (!is404 && routeOptions.url !== WHOLE_SERVER) addVary(reply, 'Accept');
}
