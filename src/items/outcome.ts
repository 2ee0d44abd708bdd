import type { FastifyReply } from 'fastify';
import type { Done } from './jobs.rules.js';

/** Sets the status of a change, and whether it is an answer that was given before. */
export function sayOutcome({ status, isReplay }: Done, reply: FastifyReply): void {
  reply.status(status);
  // draft-ietf-httpapi-idempotency-key-header-07 does not say how a repeated answer is marked.
  if (isReplay) reply.header('idempotency-replayed', 'true');
}
