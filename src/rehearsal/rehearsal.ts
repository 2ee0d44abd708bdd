import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Operation } from '../contract/operation.js';
import { rehearsalOff } from './rehearsal.problems.js';
import { answerAskedFor } from './rehearse-field.js';

const PROXY_FIELD = /^(?:forwarded|via|x-forwarded(?:-.+)?|x-real-ip)$/;

/** Thrown by the check of the head like a problem, since it too keeps the request from being carried out. */
export class RehearsedSuccess extends Error {
  constructor(
    readonly operation: Operation,
    readonly status: number,
  ) {
    super(`${operation.id} rehearses ${status}`);
  }
}

/**
 * Gives the declared answer that the field Rehearse asks for. OPTIONS, which changes nothing, does not look at the field.
 * Throws RehearsedSuccess, or the problem asked for. Problems: rehearsalOff, invalidRehearsal (400).
 */
export function checkRehearsal(request: FastifyRequest): void {
  const field = request.headers.rehearse;
  if (field === undefined) return;
  const { operation } = request.route;
  if (!operation) return;
  if (!request.server.givesRehearsals || cameByProxy(request)) throw rehearsalOff();
  const answer = answerAskedFor(String(field), operation);
  request.isRehearsal = true;
  throw typeof answer === 'number' ? new RehearsedSuccess(operation, answer) : answer.example();
}

// RFC 7239 §4, RFC 9110 §7.6.3, and what proxies added before these. Callers from elsewhere get no rehearsals, whatever the
// address is that the service listens on.
function cameByProxy({ headers }: FastifyRequest): boolean {
  return Object.keys(headers).some((name) => PROXY_FIELD.test(name));
}

/** What tells a rehearsal from the real answer. No cache may take it for one: RFC 9111 §5.2.2.5. */
export function markRehearsal(reply: FastifyReply): void {
  reply.headers({ rehearsed: 'true', 'cache-control': 'no-store' });
}
