import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyTooLarge } from './body/body.problems.js';
import { decoded } from './body/content-coding.js';
import { readJson } from './body/json/json-body.js';
import { isBodyRead, keepUnpacked } from './load/body-room.js';
import { malformedRequest } from './wire/message.problems.js';
import { BODY_LIMIT_BYTES } from './wire/size-limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The content of the request, decoded. */
    bodyBytes?: Buffer;
  }
}

/**
 * Fastify's hook before the handler: reads the body of an operation that takes one, which the checks of the head have found
 * to be JSON. Problems: malformedRequest, malformedGzip, malformedJson (400), bodyTooLarge (413), overloaded (503).
 */
export function readBody(request: FastifyRequest, _reply: FastifyReply, next: (error?: Error) => void): void {
  if (isBodyRead(request)) void readAndGoOn(request, next);
  else next();
}

async function readAndGoOn(request: FastifyRequest, next: (error?: Error) => void): Promise<void> {
  let refusal: Error | undefined;
  try {
    await read(request);
  } catch (error) {
    refusal = error as Error;
  }
  next(refusal);
}

async function read(request: FastifyRequest): Promise<void> {
  const bytes = await contentOf(request.raw);
  // RFC 9112 §7.1: the last chunk alone is content of no bytes, and so none.
  if (bytes.length === 0) return;
  request.bodyBytes = await decoded(bytes, request.headers, BODY_LIMIT_BYTES);
  if (request.bodyBytes !== bytes) keepUnpacked(request, request.bodyBytes);
  request.body = await readJson(request.bodyBytes);
}

/** Reads no further than the limit. Whoever emits an error on the message ends the reading with it. */
function contentOf(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let lengthBytes = 0;
    const settle = (end: () => void) => {
      message.off('data', take).off('end', finish).off('error', fail);
      end();
    };
    const take = (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes > BODY_LIMIT_BYTES) settle(() => reject(bodyTooLarge(BODY_LIMIT_BYTES)));
      else chunks.push(chunk);
    };
    // A copy, so that nothing keeps the larger buffers that sockets read into.
    const finish = () => settle(() => resolve(Buffer.concat(chunks, lengthBytes)));
    const fail = (error: Error) => settle(() => reject(isHangUp(error) ? cutOff() : error));
    message.on('data', take).on('end', finish).on('error', fail);
    message.resume();
  });
}

// Node's error for content whose sender hung up (http, event 'aborted').
function isHangUp({ code, message }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' && message === 'aborted';
}

function cutOff(): Error {
  return malformedRequest('The connection ended before the content did.');
}
