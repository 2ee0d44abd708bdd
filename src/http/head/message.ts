import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { malformedRequest, versionNotSupported } from '../wire/message.problems.js';

/** A host with an optional port (RFC 3986 §3.2.2). The exact grammar of each form is left to the name resolver. */
export const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(?::\d*)?$/;

/** Fields that mean nothing when given twice. Node would silently keep the first. */
const SINGLE_FIELDS = ['content-type', 'authorization', 'idempotency-key'];

/** Whether the service speaks this version (RFC 9110 §15.6.6). Node's parser lets HTTP/0.9 and HTTP/2.0 pass. */
export function isSpoken(httpVersion: string | undefined): boolean {
  return httpVersion === '1.1' || httpVersion === '1.0';
}

/** Problem: versionNotSupported (505). */
export function checkVersion({ raw }: FastifyRequest): void {
  if (!isSpoken(raw.httpVersion)) throw versionNotSupported();
}

/** Problem: malformedRequest (400) unless there is exactly one Host. HTTP/1.0 may lack it (RFC 9112 §3.2). */
export function checkHost({ raw }: FastifyRequest): void {
  const hosts = valuesOf(raw, 'host');
  if (hosts.length > 1) throw malformedRequest('There is more than one Host field. Send exactly one.');
  if (hosts.length === 0 && raw.httpVersion === '1.1') throw malformedRequest('There is no Host field. Send one.');
  if (!HOST.test(hosts[0] ?? '')) throw malformedRequest('The Host field is not a host with an optional port.');
}

/** Problem: malformedRequest (400) for a single field that is given twice, or a Transfer-Encoding other than `chunked`. */
export function checkFields({ raw }: FastifyRequest): void {
  const doubled = SINGLE_FIELDS.find((name) => raw.headers[name] !== undefined && valuesOf(raw, name).length > 1);
  if (doubled) throw malformedRequest(`There is more than one ${doubled} field. Send exactly one.`);
  checkFraming(raw);
}

/** The values of all lines of one field. Cheaper than Node's headersDistinct, which makes a table of all fields. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

function checkFraming({ headers, httpVersion }: IncomingMessage): void {
  const coding = headers['transfer-encoding'];
  if (coding === undefined) return;
  // RFC 9112 §6.1: a message with Transfer-Encoding in HTTP/1.0 has faulty framing.
  if (httpVersion === '1.0') throw malformedRequest('HTTP/1.0 has no Transfer-Encoding. Send Content-Length.');
  if (!/^chunked$/i.test(coding)) throw malformedRequest('Transfer-Encoding can only be chunked.');
}
