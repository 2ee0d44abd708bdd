import type { IncomingHttpHeaders } from 'node:http';

/** Whether a head announces a body, by Transfer-Encoding or by a Content-Length that is not 0 (RFC 9112 §6). */
export function hasBody({ headers }: { headers: IncomingHttpHeaders }): boolean {
  return isChunked({ headers }) || Number(headers['content-length'] ?? 0) > 0;
}

/** Whether the body comes in chunks. Then only the first chunk tells whether there is a body (RFC 9112 §7.1). */
export function isChunked({ headers }: { headers: IncomingHttpHeaders }): boolean {
  return headers['transfer-encoding'] !== undefined;
}
