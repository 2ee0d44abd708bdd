import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpException } from '@nestjs/common';
import type { ConnectionError } from 'fastify';
import { AnswersUnderWay } from './answers-under-way.js';
import type { LeavingAnswer } from './contract/watch.js';
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

/** How long a client may take to read the answer and close, before its connection is cut (RFC 9112 §9.6). */
const LINGER_MS = 1_000;

// RFC 9110 §5.6.2 token, then a target and the version: a request line whose method nobody knows.
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) \S+ HTTP\/1\.[01]\r?\n/;
const TOKEN_CHARACTER = /[!#$%&'*+.^_`|~0-9A-Za-z-]/;

/** Such an answer, for the log and the watch; nothing else of the message could be read. */
export type AnswerToFault = LeavingAnswer & { requestId: string };

/**
 * Answers what reaches no hook: messages that Node's parser refuses, and CONNECT. A problem is written on the socket once
 * all earlier requests on it are answered, and the connection is closed.
 */
export class ParserFaults {
  private readonly underWay = new AnswersUnderWay();
  private readonly answered = new WeakSet<Socket>();

  constructor(
    private readonly publicUrl: PublicUrl,
    private readonly onAnswered: (answer: AnswerToFault) => void,
  ) {}

  listen(server: Server): void {
    this.underWay.watch(server);
    // RFC 9110 §9.3.6: the service is no proxy. Without a listener Node would hang up without a word.
    server.on('connect', (_request, socket: Socket) => void this.answer(socket, methodNotImplemented('CONNECT')));
  }

  /** For Node's event `clientError`. */
  readonly handle = (error: ConnectionError, socket: Socket): void => {
    const isGone = error.code === 'ECONNRESET' || error.code === 'EPIPE' || !socket.writable;
    if (isGone) socket.destroy();
    else void this.answer(socket, problemOf(error));
  };

  private async answer(socket: Socket, exception: HttpException): Promise<void> {
    // The parser repeats its error with everything that arrives after it.
    if (this.answered.has(socket)) return;
    this.answered.add(socket);
    const isAwaited = await this.underWay.turnOfBrokenMessage(socket);
    if (!socket.writable) return;
    if (isAwaited) this.write(socket, exception);
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }

  private write(socket: Socket, exception: HttpException): void {
    const requestId = requestIdOf({ headers: {} });
    const status = exception.getStatus();
    const problem = exception.getResponse() as Problem;
    const body = JSON.stringify(problemBody(problem, status, requestId, this.publicUrl));
    const fields = {
      Date: new Date().toUTCString(),
      'Content-Type': 'application/problem+json',
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      Connection: 'close',
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const names = Object.keys(fields).map((name) => name.toLowerCase());
    this.onAnswered({ requestId, status, code: problem.type.code, fields: names });
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  }
}

function problemOf(error: ConnectionError): HttpException {
  if (error.code === 'HPE_HEADER_OVERFLOW') return headerTooLarge(HEADER_LIMIT_BYTES);
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTimeout();
  if (error.code === 'HPE_INVALID_VERSION') return versionNotSupported();
  const method = error.code === 'HPE_INVALID_METHOD' && unknownMethodIn(error);
  return method ? methodNotImplemented(method) : malformedRequest('The bytes sent are not an HTTP/1.1 message.');
}

/** The method of a well-formed request line around the byte that the parser stopped at; requests may stand before it. */
function unknownMethodIn({ rawPacket, bytesParsed }: ConnectionError): string | undefined {
  // Fastify's type for it says that rawPacket is JSON; Node documents a Buffer (http, event 'clientError').
  const text = (rawPacket as unknown as Buffer | undefined)?.toString('latin1') ?? '';
  let start = bytesParsed;
  while (start > 0 && TOKEN_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  return REQUEST_LINE.exec(text.slice(start))?.[1];
}
