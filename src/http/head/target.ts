import { METHODS } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { HOST, isSpoken } from './message.js';
import { WHOLE_SERVER } from '../routes/route-table.js';
import { malformedRequest, targetTooLong } from '../wire/message.problems.js';
import { TARGET_LIMIT_BYTES } from '../wire/size-limits.js';

/** A target that the router finds nowhere. */
const NOWHERE = '//';

/** RFC 9112 §3.2.2: the target may be an absolute URI. Its authority then replaces Host. */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)\/?/i;

/** The methods that the router takes. */
const ROUTABLE_METHODS = new Set(METHODS);

const faults = new WeakMap<object, string>();

/**
 * Fastify's hook before its router: returns the target as a path. A target that is not a path, or a request in another
 * version of HTTP, is routed nowhere, and the checks refuse it. Otherwise the router would answer it before every hook. A
 * path with a trailing slash is routed nowhere too: the router would read `/items/` as an empty path parameter.
 */
export function routableUrl(message: object & { method?: string; url?: string; httpVersion?: string }): string {
  const { method = '', url: target = '/', httpVersion } = message;
  // Node's parser also reads RTSP. Fastify would answer its methods with a 500 of its own.
  if (!ROUTABLE_METHODS.has(method)) {
    message.method = 'GET';
    faults.set(message, 'This is an RTSP request. The service speaks HTTP.');
    return NOWHERE;
  }
  // Nest would refuse `*` in a hook of its own.
  if (target === '*' && method === 'OPTIONS') return WHOLE_SERVER;
  const url = target.replace(ABSOLUTE_FORM, '/');
  const fault = faultOf(target, url);
  if (fault !== undefined) faults.set(message, fault);
  const path = url.split('?', 1)[0] ?? '';
  const isNowhere =
    fault !== undefined || !isSpoken(httpVersion) || path.startsWith('//') || (path !== '/' && path.endsWith('/'));
  return isNowhere ? NOWHERE : url;
}

/** The authority of a target that is an absolute URI; undefined if it has none, or one that {@link checkTarget} refuses. */
export function authorityIn(target: string): string | undefined {
  const authority = ABSOLUTE_FORM.exec(target)?.[1];
  return authority !== undefined && isAuthority(authority) ? authority : undefined;
}

/** The path in a target, which may be an absolute URI. */
export function pathIn(target: string): string {
  return target.replace(ABSOLUTE_FORM, '/').split('?', 1)[0] ?? '';
}

/**
 * The canonical spelling of a target that passed the checks, equal for all spellings of one resource: a path whose segments
 * are percent-encoded as in the links of the service (RFC 3986 §6.2.2), without an empty query.
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

/** Problem: malformedRequest (400) for a target that is not a path in UTF-8. */
export function checkTarget({ raw }: FastifyRequest): void {
  const fault = faults.get(raw);
  if (fault !== undefined) throw malformedRequest(fault);
}

function faultOf(target: string, url: string): string | undefined {
  const authority = ABSOLUTE_FORM.exec(target)?.[1];
  if (authority !== undefined && !isAuthority(authority)) {
    return 'The target is an absolute URI whose authority is not a host with an optional port.';
  }
  if (!url.startsWith('/')) return 'The target is not a path.';
  if (url.includes('#')) return 'The target has a fragment (#), which is never sent. For the character send %23.';
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '');
    return undefined;
  } catch {
    return 'The path has a percent-encoding that is not UTF-8.';
  }
}

// RFC 9110 §4.2.1, §4.2.4: an empty host is invalid, and a user is an error.
function isAuthority(authority: string): boolean {
  return HOST.test(authority) && !/^(:|$)/.test(authority);
}
