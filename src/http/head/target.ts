import { METHODS } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { HOST, isSpoken } from './message.js';
import { WHOLE_SERVER } from '../routes/route-table.js';
import { malformedRequest, targetTooLong } from '../wire/message.problems.js';
import { TARGET_LIMIT_BYTES } from '../wire/size-limits.js';

/** A target that the router finds nowhere. */
const NOWHERE = '//';

/** RFC 9112 §3.2.2: the target may be an absolute URI, whose authority then counts instead of Host. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)\/?/i;

/** All that the router can find a route for. */
const ROUTABLE_METHODS = new Set(METHODS);

const faults = new WeakMap<object, string>();

/**
 * Fastify's hook before its router: the target as a path. One that is none, or of another version of HTTP, is sent
 * nowhere, because the router would answer it past every hook; the checks then refuse it in their turn. The router would
 * also take `/items/` for an item with an empty id.
 */
export function routableUrl(message: object & { method?: string; url?: string; httpVersion?: string }): string {
  const { method = '', url: target = '/', httpVersion } = message;
  // Node's parser takes RTSP for HTTP; Fastify has an answer of its own, 500, to methods that are none of HTTP.
  if (!ROUTABLE_METHODS.has(method)) {
    message.method = 'GET';
    faults.set(message, 'The request is one of RTSP. This service speaks HTTP.');
    return NOWHERE;
  }
  // Nest would refuse it in a hook of its own.
  if (target === '*' && method === 'OPTIONS') return WHOLE_SERVER;
  const url = target.replace(ABSOLUTE_FORM, '/');
  const fault = faultOf(target, url);
  if (fault !== undefined) faults.set(message, fault);
  const path = url.split('?', 1)[0] ?? '';
  const isNowhere =
    fault !== undefined || !isSpoken(httpVersion) || path.startsWith('//') || (path !== '/' && path.endsWith('/'));
  return isNowhere ? NOWHERE : url;
}

/** The path in a target, which may be an absolute URI. */
export function pathIn(target: string): string {
  return target.replace(ABSOLUTE_FORM, '/').split('?', 1)[0] ?? '';
}

/**
 * The one spelling of a target that was not refused, which all others of the same resource are equal to: a path whose
 * segments are percent-encoded as in the links that the service gives (RFC 3986 §6.2.2), without an empty query.
 */
export function canonicalTarget(target: string): string {
  const canonical = pathIn(target)
    .split('/')
    .map((segment) => encodeURIComponent(decodeURIComponent(segment)))
    .join('/');
  const query = /\?&*(.*)$/s.exec(target)?.[1] ?? '';
  return query === '' ? canonical : `${canonical}?${query}`;
}

/** Problem: targetTooLong (414). */
export function checkTargetSize({ originalUrl }: FastifyRequest): void {
  if (originalUrl.length > TARGET_LIMIT_BYTES) throw targetTooLong(TARGET_LIMIT_BYTES);
}

/** Problem: malformedRequest (400) for a target that is no path in UTF-8. */
export function checkTarget({ raw }: FastifyRequest): void {
  const fault = faults.get(raw);
  if (fault !== undefined) throw malformedRequest(fault);
}

function faultOf(target: string, url: string): string | undefined {
  const authority = ABSOLUTE_FORM.exec(target)?.[1];
  // RFC 9110 §4.2.1, §4.2.4: an empty host is invalid, and a user is an error.
  if (authority !== undefined && (!HOST.test(authority) || /^(:|$)/.test(authority))) {
    return 'The target is an absolute URI without a host, or with more than a host and a port.';
  }
  if (!url.startsWith('/')) return 'The target is not a path.';
  if (url.includes('#')) return 'The target holds a #, which is not sent to a server. Write %23 for the character.';
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return undefined;
  } catch {
    return 'The path holds a percent-encoding that is not UTF-8.';
  }
}
