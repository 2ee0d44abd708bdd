import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyLimitsOf } from '../contract/operation.js';
import { bodyTooLarge } from './body/body.problems.js';
import { isGzip } from './body/content-coding.js';
import { FORM } from './body/form.js';
import { JsonReader } from './body/json/json-reader.js';
import { Unpacker } from './body/unpacker.js';
import { readForm } from './head/query.js';
import { isBodyRead, keepUnpacked } from './load/body-room.js';
import { malformedRequest } from './wire/message.problems.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body of the request, without its content coding. */
    bodyBytes?: Buffer;
  }
}

/** Reads the bodies of requests. */
@Injectable()
export class BodyReader {
  constructor(
    private readonly unpacker: Unpacker,
    private readonly json: JsonReader,
  ) {}

  /**
   * Fastify's hook before the handler: reads the body if the operation takes one. The checks of the head have made sure that
   * its type is JSON, or that of a form. Problems: malformedRequest, malformedGzip, malformedJson, those of a form (400),
   * bodyTooLarge (413), overloaded (503).
   */
  readonly read = (request: FastifyRequest, _reply: FastifyReply, next: (refusal?: Error) => void): void => {
    if (isBodyRead(request)) void this.readAndGoOn(request, next);
    else next();
  };

  private async readAndGoOn(request: FastifyRequest, next: (refusal?: Error) => void): Promise<void> {
    let refusal: Error | undefined;
    try {
      await this.readInto(request);
    } catch (error) {
      refusal = error as Error;
    }
    next(refusal);
  }

  private async readInto(request: FastifyRequest): Promise<void> {
    const limits = bodyLimitsOf(request.route.operation);
    let bytes = await bytesOf(request.raw, limits.bytes);
    // RFC 9112 §7.1: the last chunk alone is no body.
    if (bytes.length === 0) return;
    if (isGzip(request.headers)) {
      bytes = await this.unpacker.unpack(bytes, limits.bytes);
      keepUnpacked(request, bytes);
    }
    request.bodyBytes = bytes;
    if (request.bodyType === FORM) readForm(request, bytes);
    else request.body = await this.json.read(bytes, limits.values);
  }
}

/** Reads up to the limit. An error that is emitted on the message ends the reading and becomes its result. */
function bytesOf(message: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let lengthBytes = 0;
    const settle = (end: () => void) => {
      message.off('data', take).off('end', finish).off('error', fail);
      end();
    };
    const take = (chunk: Buffer) => {
      lengthBytes += chunk.length;
      if (lengthBytes > limitBytes) settle(() => reject(bodyTooLarge(limitBytes)));
      else chunks.push(chunk);
    };
    // A copy, so that the larger buffers of the socket can be freed.
    const finish = () => settle(() => resolve(Buffer.concat(chunks, lengthBytes)));
    const fail = (error: Error) => settle(() => reject(isHangUp(error) ? cutOff() : error));
    message.on('data', take).on('end', finish).on('error', fail);
    message.resume();
  });
}

// Node's error if the client hangs up within the body (http, event 'aborted').
function isHangUp({ code, message }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' && message === 'aborted';
}

function cutOff(): Error {
  return malformedRequest('The connection ended before the body was complete.');
}
