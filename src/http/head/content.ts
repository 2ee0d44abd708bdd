import type { IncomingHttpHeaders } from 'node:http';
import type { HttpException } from '@nestjs/common';
import { parse } from 'content-type';
import type { FastifyRequest } from 'fastify';
import { fromGzip } from '../body/gzip.js';
import { contentsOf } from '../../contract/operation.js';
import { isWaitingForContinue } from './expectation.js';
import { elementsOf } from '../fields/list-field.js';
import { bodyTooLarge, unexpectedContent, unsupportedContentCoding, unsupportedMediaType } from './content.problems.js';
import { unsupportedPatchType } from './head.problems.js';
import { malformedRequest } from '../wire/message.problems.js';

/** The most content that an operation takes, in bytes. */
export const BODY_LIMIT_BYTES = 1_048_576;

// The name that is registered, and the alias that clients send (encoding.spec.whatwg.org, "utf8").
const UTF_8 = /^utf-?8$/i;

/** RFC 9110 §8.4.1.3: both are the same coding. */
const GZIP = ['gzip', 'x-gzip'];

/**
 * Problem: unexpectedContent (400). A Content-Type alone, Content-Length: 0 or chunks of no bytes, which real clients and
 * proxies send, are fine.
 */
export function checkContentAbsence(request: FastifyRequest): void {
  if (request.route.operation?.body || !hasContent(request)) return;
  const refusal = unexpectedContent(request.method);
  if (!isChunked(request)) throw refusal;
  refuseUnlessEmpty(request, refusal);
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

/**
 * Problems: unsupportedMediaType, unsupportedPatchType, unsupportedContentCoding (415). Without content its fields have
 * no meaning. Leaves the bare media type in Content-Type. Chunks may turn out to be no content, if the client doesn't
 * wait for the answer with them.
 */
export function checkContentType(request: FastifyRequest): void {
  const { headers } = request;
  if (!hasContent(request)) {
    // Fastify would answer 415 to a type that it doesn't know, though there is nothing to read.
    delete headers['content-type'];
    return;
  }
  const refusal = refusalOfType(request);
  if (refusal === undefined) return;
  if (!isChunked(request) || isWaitingForContinue(request)) throw refusal;
  refuseUnlessEmpty(request, refusal);
  delete headers['content-type'];
}

function refusalOfType({ headers, route: { operation } }: FastifyRequest): HttpException | undefined {
  const { 'content-type': field, 'content-encoding': coding = '' } = headers;
  const offered = operation ? contentsOf(operation).map(([mediaType]) => mediaType) : [];
  const type = typeInUtf8(field);
  if (type === undefined || !offered.includes(type)) {
    const refuse = operation?.method === 'PATCH' ? unsupportedPatchType : unsupportedMediaType;
    return refuse(field?.slice(0, 128), offered.join(', '));
  }
  const codings = codingsOf(headers);
  if (codings.length > 1 || !['identity', ...GZIP].includes(codings[0] ?? 'identity')) {
    return unsupportedContentCoding(coding.slice(0, 128));
  }
  // Fastify would judge it once more, and parameters in another way.
  headers['content-type'] = type;
  return undefined;
}

/** Content that passed the checks, as it was before its coding. Problems: malformedGzip (400), bodyTooLarge (413). */
export async function decodeContent({ headers }: FastifyRequest, bytes: Buffer): Promise<Buffer> {
  const isZipped = GZIP.includes(codingsOf(headers)[0] ?? '');
  return isZipped ? fromGzip(bytes, BODY_LIMIT_BYTES) : bytes;
}

function codingsOf({ 'content-encoding': field }: IncomingHttpHeaders): string[] {
  return field === undefined ? [] : elementsOf(field.toLowerCase());
}

function isChunked({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined;
}

// RFC 9112 §7.1: only the first chunk tells whether there is content. Until then it counts as none; see judge-head.ts.
function refuseUnlessEmpty(request: FastifyRequest, refusal: HttpException): void {
  request.refusalOfContent = refusal;
  // Fastify would read it.
  delete request.headers['transfer-encoding'];
}

/** RFC 9112 §6: content is announced by Transfer-Encoding or by a Content-Length that is not 0. */
export function hasContent(request: FastifyRequest): boolean {
  return isChunked(request) || Number(request.headers['content-length'] ?? 0) > 0;
}

// RFC 8259 §11: JSON types have no parameters, but charset is common, and any other than UTF-8 would be misread.
function typeInUtf8(field = ''): string | undefined {
  const { type, parameters } = parse(field);
  return UTF_8.test(parameters.charset ?? 'utf-8') ? type : undefined;
}
