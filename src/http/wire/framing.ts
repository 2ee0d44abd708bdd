import type { IncomingHttpHeaders } from 'node:http';

/** RFC 9112 §6: content is announced by Transfer-Encoding or by a Content-Length that is not 0. */
export function hasContent({ headers }: { headers: IncomingHttpHeaders }): boolean {
  return isChunked({ headers }) || Number(headers['content-length'] ?? 0) > 0;
}

/** Whether content comes in chunks, of which only the first tells whether there is any (RFC 9112 §7.1). */
export function isChunked({ headers }: { headers: IncomingHttpHeaders }): boolean {
  return headers['transfer-encoding'] !== undefined;
}
