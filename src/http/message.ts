import type { FastifyRequest } from 'fastify';
import { malformedRequest, versionNotSupported } from './problems/http.problems.js';

// RFC 3986 §3.2.2 host with an optional port; the exact grammar of each form is the name resolver's business.
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d*)?$/;

const malformedTargets = new WeakMap<object, string>();

/** A target that the router finds nowhere. */
const NOWHERE = '//';

/** Where the router finds the target `*`, the server as a whole (RFC 9110 §7.1); no target of a caller leads here. */
export const WHOLE_SERVER = '//server';

/**
 * Fastify's hook before its router: the target as a path. One that is none, or of another version of HTTP, is sent nowhere, because the
 * router would answer it past every hook; the message check then refuses it in its turn. The router would also take
 * `/items/` for an item with an empty id.
 */
export function routableUrl(message: object & { method?: string; url?: string; httpVersion?: string }): string {
  const { method, url: target = '/' } = message;
  // Nest would refuse it in a hook of its own.
  if (target === '*' && method === 'OPTIONS') return WHOLE_SERVER;
  // RFC 9112 §3.2.2: the target may be an absolute URI.
  const url = target.replace(/^https?:\/\/[^/?#]*\/?/i, '/');
  const fault = faultOf(url);
  if (fault !== undefined) malformedTargets.set(message, fault);
  const path = url.split('?', 1)[0] ?? '';
  const isNowhere =
    fault !== undefined || !isSpoken(message) || path.startsWith('//') || (path !== '/' && path.endsWith('/'));
  return isNowhere ? NOWHERE : url;
}

// RFC 9110 §15.6.6; Node's parser lets HTTP/0.9 and HTTP/2.0 pass.
function isSpoken({ httpVersion }: { httpVersion?: string }): boolean {
  return httpVersion === '1.1' || httpVersion === '1.0';
}

function faultOf(url: string): string | undefined {
  if (!url.startsWith('/')) return 'The target is not a path.';
  if (url.includes('#')) return 'The target holds a #, which is not sent to a server. Write %23 for the character.';
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return undefined;
  } catch {
    return 'The path holds a percent-encoding that is not UTF-8.';
  }
}

/**
 * Problems: versionNotSupported (505); malformedRequest (400) for Host (RFC 9112 §3.2), the target, a Content-Type given
 * twice, of which Node would keep the first, or a transfer coding other than chunked (RFC 9112 §6.1).
 */
export function checkMessage({ raw }: FastifyRequest): void {
  if (!isSpoken(raw)) throw versionNotSupported();
  const { host: hosts = [], 'content-type': types = [] } = raw.headersDistinct;
  if (hosts.length > 1) throw malformedRequest('There is more than one Host field. Send exactly one.');
  if (hosts.length === 0 && raw.httpVersion === '1.1') throw malformedRequest('There is no Host field. Send one.');
  if (!HOST.test(hosts[0] ?? '')) throw malformedRequest('The Host field is not a host with an optional port.');
  const targetFault = malformedTargets.get(raw);
  if (targetFault !== undefined) throw malformedRequest(targetFault);
  if (types.length > 1) throw malformedRequest('There is more than one Content-Type field. Send exactly one.');
  if (!/^chunked$/i.test(raw.headers['transfer-encoding'] ?? 'chunked')) {
    throw malformedRequest('Transfer-Encoding may only be chunked.');
  }
}
