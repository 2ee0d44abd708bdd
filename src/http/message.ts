import type { FastifyRequest } from 'fastify';
import { malformedRequest } from './problems/http.problems.js';

// RFC 3986 §3.2.2 host with an optional port; the exact grammar of each form is the name resolver's business.
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d*)?$/;

const undecodableTargets = new WeakSet<object>();

/**
 * Fastify's hook before its router. A path that can't be decoded is noted here and sent on as `/`, because the router
 * would answer it past every hook; the message check then refuses it in its turn.
 */
export function routableUrl(message: object & { url?: string }): string {
  const url = message.url ?? '/';
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return url;
  } catch {
    undecodableTargets.add(message);
    return '/';
  }
}

/** Problems: malformedRequest (400) for Host (RFC 9112 §3.2) or a path that is not percent-encoded UTF-8. */
export function checkMessage({ raw }: FastifyRequest): void {
  const hosts = raw.headersDistinct.host ?? [];
  if (hosts.length > 1) throw malformedRequest('There is more than one Host field. Send exactly one.');
  if (hosts.length === 0 && raw.httpVersion === '1.1') throw malformedRequest('There is no Host field. Send one.');
  if (!HOST.test(hosts[0] ?? '')) throw malformedRequest('The Host field is not a host with an optional port.');
  if (undecodableTargets.has(raw)) throw malformedRequest('The path holds a percent-encoding that is not UTF-8.');
}
