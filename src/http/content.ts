import type { FastifyRequest } from 'fastify';
import {
  bodyTooLarge,
  malformedRequest,
  unexpectedContent,
  unsupportedContentCoding,
  unsupportedMediaType,
} from './problems/http.problems.js';

/** The most content that an operation takes, in bytes. */
export const BODY_LIMIT_BYTES = 1_048_576;

const JSON_TYPE = 'application/json';

/** Problem: unexpectedContent (400). A Content-Type alone or Content-Length: 0, which real clients send, is fine. */
export function checkContentAbsence(request: FastifyRequest): void {
  if (!request.routeOptions.config.operation?.body && hasContent(request)) throw unexpectedContent(request.method);
}

/** Problem: malformedRequest (400). RFC 9110 §14.5: a part must not be stored as if it were the whole. */
export function checkContentWholeness({ method, headers }: FastifyRequest): void {
  if (method !== 'PUT' || headers['content-range'] === undefined) return;
  throw malformedRequest('PUT with Content-Range is not offered. Send the whole item, without that field.');
}

/** Problem: bodyTooLarge (413), by Content-Length and so before the body is sent. */
export function checkContentLength({ headers }: FastifyRequest): void {
  if (Number(headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) throw bodyTooLarge(BODY_LIMIT_BYTES);
}

/** Problems: unsupportedMediaType, unsupportedContentCoding (415). Without content its fields have no meaning. */
export function checkContentType(request: FastifyRequest): void {
  if (!hasContent(request)) {
    // Fastify would answer 415 to a type that it doesn't know, though there is nothing to read.
    delete request.headers['content-type'];
    return;
  }
  const { 'content-type': type, 'content-encoding': coding = 'identity' } = request.headers;
  if (!isJsonInUtf8(type)) throw unsupportedMediaType(type?.slice(0, 128), JSON_TYPE);
  if (coding.toLowerCase() !== 'identity') throw unsupportedContentCoding(coding.slice(0, 128));
}

// RFC 9112 §6: content is announced by Transfer-Encoding or by a Content-Length that is not 0.
function hasContent({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

// RFC 9110 §8.3.1: parameters may be quoted and stand in any order; JSON has no parameter but charset is common.
function isJsonInUtf8(field: string | undefined): boolean {
  const [type = '', ...parameters] = (field ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return type === JSON_TYPE && (charset === undefined || charset.replaceAll('"', '') === 'utf-8');
}
