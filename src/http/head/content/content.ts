import type { HttpException } from '@nestjs/common';
import { parse } from 'content-type';
import type { FastifyRequest } from 'fastify';
import { bodyTooLarge } from '../../body/body.problems.js';
import { CODINGS, codingsOf } from '../../body/content-coding.js';
import { bodiesOf, bodyLimitsOf, type Operation } from '../../../contract/operation.js';
import { isWaitingForContinue } from '../../wire/continue.js';
import { hasBody, isChunked } from '../../wire/framing.js';
import { malformedRequest } from '../../wire/message.problems.js';
import {
  missingContentType,
  unexpectedContent,
  unsupportedContentCoding,
  unsupportedMediaType,
  unsupportedPatchType,
  unsupportedQueryType,
} from './content.problems.js';

// The registered name, and the alias that clients send (encoding.spec.whatwg.org, "utf8").
const UTF_8 = /^utf-?8$/i;

declare module 'fastify' {
  interface FastifyRequest {
    /** The answer if the chunks that follow hold any byte. Until that is known the request counts as one without a body. */
    refusalOfBody?: HttpException;
    /** The media type of the body, in lower case and without parameters. */
    bodyType?: string;
  }
}

/**
 * Problem: unexpectedContent (400). Content-Type without a body, Content-Length: 0 and chunks of no bytes are fine: real
 * clients and proxies send them.
 */
export function checkNoBody(request: FastifyRequest): void {
  if (request.route.operation?.body || !hasBody(request)) return;
  const refusal = unexpectedContent(request.method);
  if (!isChunked(request)) throw refusal;
  refuseUnlessEmpty(request, refusal);
}

/** Problem: malformedRequest (400). RFC 9110 §14.5: a part must not be stored as the whole. */
export function checkContentRange({ method, headers }: FastifyRequest): void {
  if (method !== 'PUT' || headers['content-range'] === undefined) return;
  throw malformedRequest('PUT with Content-Range is not supported. Send the whole resource, without that field.');
}

/** Problem: bodyTooLarge (413), judged by Content-Length before the body is read. */
export function checkContentLength({ headers, route }: FastifyRequest): void {
  const { bytes } = bodyLimitsOf(route.operation);
  if (Number(headers['content-length'] ?? 0) > bytes) throw bodyTooLarge(bytes);
}

/**
 * Problems: missingContentType (400), unsupportedMediaType, unsupportedPatchType, unsupportedQueryType, unsupportedContentCoding
 * (415). Without a body these fields mean nothing, but an empty query is one too. Chunks may turn out to be no body, unless the
 * client holds them back until it gets 100.
 */
export function checkContentType(request: FastifyRequest): void {
  const isQuery = request.route.operation?.method === 'QUERY';
  if (!isQuery && !hasBody(request)) return;
  const refusal = refusalOfType(request);
  if (refusal === undefined) return;
  if (isQuery || !isChunked(request) || isWaitingForContinue(request)) throw refusal;
  refuseUnlessEmpty(request, refusal);
}

function refusalOfType(request: FastifyRequest): HttpException | undefined {
  const { headers } = request;
  const { 'content-type': field, 'content-encoding': coding = '' } = headers;
  const type = mediaTypeFor(request.route.operation, field);
  if (typeof type !== 'string') return type;
  const codings = codingsOf(headers);
  if (codings.length > 1 || !CODINGS.includes(codings[0] ?? 'identity')) {
    return unsupportedContentCoding(coding.slice(0, 128));
  }
  request.bodyType = type;
  return undefined;
}

/** The media type that a Content-Type names, or the problem if the operation reads none such: those above. */
export function mediaTypeFor(operation: Operation | undefined, field: string | undefined): string | HttpException {
  const offered = operation ? bodiesOf(operation).map(([mediaType]) => mediaType) : [];
  const type = typeInUtf8(field);
  if (type !== undefined && offered.includes(type)) return type;
  return otherType(operation, field?.slice(0, 128), offered.join(', '));
}

function otherType(operation: Operation | undefined, given: string | undefined, offered: string): HttpException {
  if (operation?.method === 'PATCH') return unsupportedPatchType(given, offered);
  if (operation?.method !== 'QUERY') return unsupportedMediaType(given, offered);
  return given ? unsupportedQueryType(given, offered) : missingContentType(offered);
}

// RFC 9112 §7.1: only the first chunk tells whether there is a body. Until then there is none; see head-judge.ts.
function refuseUnlessEmpty(request: FastifyRequest, refusal: HttpException): void {
  request.refusalOfBody = refusal;
  // Fastify would read it.
  delete request.headers['transfer-encoding'];
}

// RFC 8259 §11: JSON types have no parameters. But charset is common, and another one than UTF-8 would be misread.
function typeInUtf8(field = ''): string | undefined {
  const { type, parameters } = parse(field);
  return UTF_8.test(parameters.charset ?? 'utf-8') ? type : undefined;
}
