import type { Exchange } from './http-lint.js';

/** The Cache-Control that row [D19] demands of an answer (RFC 9111 §3.5, §5.2.2). */
export function expectedCacheControl({ method, target, status, headers, content }: Exchange): string {
  if (headers.rehearsed !== undefined) return 'no-store';
  const path = target.split('?', 1)[0] ?? '';
  const isRead = ['GET', 'HEAD', 'QUERY'].includes(method);
  if (method === 'OPTIONS') return 'no-store';
  const isOfItems = /^\/items(\/[^/]+(\/versions(\/[^/]+)?|\/restore)?)?$/.test(path) && isDecodable(path);
  const isItemAbsent = status === 404 && (content.length === 0 || /(item|version)-not-found/.test(content.toString()));
  const ofItem = path === '/items' ? '' : ', no-transform';
  if (isRead && isOfItems && ([200, 304, 412].includes(status) || isItemAbsent)) return `private, no-cache${ofItem}`;
  if (isRead && path === '/changes/latest' && [200, 304, 412].includes(status)) return 'private, no-cache';
  const isChange = method === 'PATCH' || path.endsWith('/restore');
  const isTaggedWrite = (method === 'POST' && status === 201) || (isChange && [200, 204].includes(status));
  if (isOfItems && isTaggedWrite) return 'no-store, no-transform';
  const isNamedByContent = /^\/docs\/[\w-]+\.[0-9a-f]{16}\.\w+$/.test(path);
  if (isRead && isNamedByContent && [200, 304].includes(status)) return 'public, max-age=31536000, immutable';
  const isDocumentation = /^\/(openapi\.json|status-codes|(docs|problems)(\/.*)?)$/.test(path);
  if (isRead && isDocumentation && [200, 304].includes(status)) return 'public, max-age=300';
  return 'no-store';
}

function isDecodable(path: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(path);
}
