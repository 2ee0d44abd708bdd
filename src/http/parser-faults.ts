import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpException } from '@nestjs/common';
import type { ConnectionError } from 'fastify';
import {
  headerTooLarge,
  malformedRequest,
  methodNotImplemented,
  requestTimeout,
  versionNotSupported,
} from './problems/http.problems.js';
import type { Problem } from './problems/problem.js';
import { problemBody } from './problems/problem-body.js';
import type { PublicUrl } from './public-url.js';
import { requestIdOf } from './request-id.js';

/** The most that Node's parser takes as header block and request target together, in bytes. */
export const HEADER_LIMIT_BYTES = 32_768;

// RFC 9110 §5.6.2 token, then a target and the version: a request line whose method nobody knows.
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) \S+ HTTP\/1\.[01]\r?\n/;

/** Answers what Node's parser refuses, which reaches no hook: a problem written on the socket, which is then closed. */
export function parserFaultHandler(publicUrl: PublicUrl): (error: ConnectionError, socket: Socket) => void {
  return (error, socket) => {
    const isGone = error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable;
    if (isGone) return void socket.destroy();
    const exception = problemOf(error);
    const requestId = requestIdOf({ headers: {} });
    const status = exception.getStatus();
    const body = JSON.stringify(problemBody(exception.getResponse() as Problem, status, requestId, publicUrl));
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
        `Date: ${new Date().toUTCString()}\r\n` +
        `Content-Type: application/problem+json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n` +
        `Cache-Control: no-store\r\n` +
        `X-Request-Id: ${requestId}\r\n` +
        `Connection: close\r\n\r\n${body}`,
    );
  };
}

function problemOf(error: ConnectionError): HttpException {
  if (error.code === 'HPE_HEADER_OVERFLOW') return headerTooLarge(HEADER_LIMIT_BYTES);
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTimeout();
  if (error.code === 'HPE_INVALID_VERSION') return versionNotSupported();
  // Fastify's type for it says that rawPacket is JSON; Node documents a Buffer (http, event 'clientError').
  const method = REQUEST_LINE.exec((error.rawPacket as unknown as Buffer | undefined)?.toString('latin1') ?? '')?.[1];
  if (error.code === 'HPE_INVALID_METHOD' && method) return methodNotImplemented(method);
  return malformedRequest('The bytes sent are not an HTTP/1.1 message.');
}
