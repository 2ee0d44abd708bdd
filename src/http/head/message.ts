import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { malformedRequest, versionNotSupported } from '../wire/message.problems.js';

/** RFC 3986 §3.2.2 host with an optional port; the exact grammar of each form is the name resolver's business. */
export const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d*)?$/;

/** Fields that mean nothing when given twice; of each Node would keep the first in silence. */
const SINGLE_FIELDS = ['content-type', 'authorization', 'idempotency-key'];

/** RFC 9110 §15.6.6: Node's parser lets HTTP/0.9 and HTTP/2.0 pass. */
export function isSpoken(httpVersion: string | undefined): boolean {
  return httpVersion === '1.1' || httpVersion === '1.0';
}

/** Problem: versionNotSupported (505). */
export function checkVersion({ raw }: FastifyRequest): void {
  if (!isSpoken(raw.httpVersion)) throw versionNotSupported();
}

/** Problem: malformedRequest (400) unless there is exactly one Host, which HTTP/1.0 may lack (RFC 9112 §3.2). */
export function checkHost({ raw }: FastifyRequest): void {
  const hosts = valuesOf(raw, 'host');
  if (hosts.length > 1) throw malformedRequest('There is more than one Host field. Send exactly one.');
  if (hosts.length === 0 && raw.httpVersion === '1.1') throw malformedRequest('There is no Host field. Send one.');
  if (!HOST.test(hosts[0] ?? '')) throw malformedRequest('The Host field is not a host with an optional port.');
}

/** Problem: malformedRequest (400) for a field given twice, or framing that is not exactly `chunked` or a length. */
export function checkFields({ raw }: FastifyRequest): void {
  const doubled = SINGLE_FIELDS.find((name) => raw.headers[name] !== undefined && valuesOf(raw, name).length > 1);
  if (doubled) throw malformedRequest(`There is more than one ${doubled} field. Send exactly one.`);
  checkFraming(raw);
}

/** What the lines of one field say; Node makes a table of all fields for that. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

function checkFraming({ headers, httpVersion }: IncomingMessage): void {
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  // RFC 9112 §6.1: the framing of such a message is faulty.
  if (httpVersion === '1.0') throw malformedRequest('HTTP/1.0 has no Transfer-Encoding. Send Content-Length.');
  if (!/^chunked$/i.test(coding)) throw malformedRequest('Transfer-Encoding may only be chunked.');
}
