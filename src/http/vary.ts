import type { FastifyReply, FastifyRequest } from 'fastify';
import { WHOLE_SERVER } from './target.js';

/** Adds a field of the request to those that chose this answer, or might have (RFC 9110 §12.5.5). */
export function addVary(reply: FastifyReply, field: string): void {
  const given = reply.getHeader('vary');
  const fields = given === undefined ? [] : String(given).split(', ');
  if (!fields.includes(field)) reply.header('vary', [...fields, field].join(', '));
}

/** Where an operation follows Prefer, each of its answers says so (RFC 7240 §2). */
export function varyByPrefer({ routeOptions }: FastifyRequest, reply: FastifyReply): void {
  if (routeOptions.config.operation?.followsPrefer) addVary(reply, 'Prefer');
}

/** Accept chooses on every resource, between what it has and 406; so each of its answers says so, whatever it is. */
export function varyByAccept({ is404, routeOptions }: FastifyRequest, reply: FastifyReply): void {
  if (!is404 && routeOptions.url !== WHOLE_SERVER) addVary(reply, 'Accept');
}
