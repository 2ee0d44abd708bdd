import type { HttpException } from '@nestjs/common';
import { parse } from 'content-type';
import type { FastifyRequest } from 'fastify';
import { bodyTooLarge } from '../body/body.problems.js';
import { CODINGS, codingsOf } from '../body/content-coding.js';
import { bodiesOf } from '../../contract/operation.js';
import { isWaitingForContinue } from '../wire/continue.js';
import { hasContent, isChunked } from '../wire/framing.js';
import { malformedRequest } from '../wire/message.problems.js';
import { BODY_LIMIT_BYTES } from '../wire/size-limits.js';
import {
  unexpectedContent,
  unsupportedContentCoding,
  unsupportedMediaType,
  unsupportedPatchType,
} from './content.problems.js';

// The name that is registered, and the alias that clients send (encoding.spec.whatwg.org, "utf8").
const UTF_8 = /^utf-?8$/i;

declare module 'fastify' {
  interface FastifyRequest {
    /** What answers if the chunks that follow hold content; until it is known the request counts as one without. */
    refusalOfBody?: HttpException;
    /** The media type of the content, in lower case and without parameters. */
    bodyType?: string;
  }
}

/**
 * Problem: unexpectedContent (400). A Content-Type alone, Content-Length: 0 or chunks of no bytes, which real clients and
 * proxies send, are fine.
 */
export function checkNoBody(request: FastifyRequest): void {
  if (request.route.operation?.body || !hasContent(request)) return;
  const refusal = unexpectedContent(request.method);
  if (!isChunked(request)) throw refusal;
  refuseUnlessEmpty(request, refusal);
}

/** Problem: malformedRequest (400). RFC 9110 §14.5: a part must not be stored as if it were the whole. */
export function checkContentRange({ method, headers }: FastifyRequest): void {
  if (method !== 'PUT' || headers['content-range'] === undefined) return;
  throw malformedRequest('PUT with Content-Range is not offered. Send the whole item, without that field.');
}

/** Problem: bodyTooLarge (413), by Content-Length and so before the body is sent. */
export function checkContentLength({ headers }: FastifyRequest): void {
  if (Number(headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) throw bodyTooLarge(BODY_LIMIT_BYTES);
}

/**
 * Problems: unsupportedMediaType, unsupportedPatchType, unsupportedContentCoding (415). Without content its fields have
 * no meaning. Chunks may turn out to be no content, if the client doesn't wait for the answer with them.
 */
export function checkContentType(request: FastifyRequest): void {
  if (!hasContent(request)) return;
  const refusal = refusalOfType(request);
  if (refusal === undefined) return;
  if (!isChunked(request) || isWaitingForContinue(request)) throw refusal;
  refuseUnlessEmpty(request, refusal);
}

function refusalOfType(request: FastifyRequest): HttpException | undefined {
  const { headers } = request;
  const { operation } = request.route;
  const { 'content-type': field, 'content-encoding': coding = '' } = headers;
  const offered = operation ? bodiesOf(operation).map(([mediaType]) => mediaType) : [];
  const type = typeInUtf8(field);
  if (type === undefined || !offered.includes(type)) {
    const refuse = operation?.method === 'PATCH' ? unsupportedPatchType : unsupportedMediaType;
    return refuse(field?.slice(0, 128), offered.join(', '));
  }
  const codings = codingsOf(headers);
  if (codings.length > 1 || !CODINGS.includes(codings[0] ?? 'identity')) {
    return unsupportedContentCoding(coding.slice(0, 128));
  }
  request.bodyType = type;
  return undefined;
}

// RFC 9112 §7.1: only the first chunk tells whether there is content. Until then it counts as none; see head-judge.ts.
function refuseUnlessEmpty(request: FastifyRequest, refusal: HttpException): void {
  request.refusalOfBody = refusal;
  // Fastify would read it.
  delete request.headers['transfer-encoding'];
}

// RFC 8259 §11: JSON types have no parameters, but charset is common, and any other than UTF-8 would be misread.
function typeInUtf8(field = ''): string | undefined {
  const { type, parameters } = parse(field);
  return UTF_8.test(parameters.charset ?? 'utf-8') ? type : undefined;
}
