import { EventEmitter } from 'node:events';
import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable, type HttpException } from '@nestjs/common';
import type { ConnectionError } from 'fastify';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import type { LeavingAnswer } from '../../contract/watch.js';
import { bodyFor, problemOf, type BodyOfAnswer } from './parser-error.js';
import { methodNotImplemented } from '../wire/message.problems.js';
import type { Problem } from '../../problems/problem.js';
import { problemBody } from '../../problems/problem-body.js';
import { PublicUrl } from '../../config/public-url.js';
import { refusedMessage } from './refused-message.js';
import { requestIdOf } from '../fields/request-id.js';
import { comesOfStop } from '../wire/stopped-reading.js';

/** How long a client may take to read the answer and close, before its connection is cut (RFC 9112 §9.6). */
const LINGER_MS = 1_000;

/** Injection token of {@link FieldsForOrigin}. */
export const FIELDS_FOR_ORIGIN = Symbol('FieldsForOrigin');

/** The fields that let a web page read an answer, by the Origin of the request. */
export type FieldsForOrigin = (origin: string | undefined) => Record<string, string>;

/** An answer to a message that could not be read, for the log and the watch. */
type AnswerToFault = LeavingAnswer & { requestId: string };

/**
 * Answers messages that reach no hook: those that Node's parser refuses, and CONNECT. It waits until all earlier requests
 * on the socket are answered, writes a problem on it and closes the connection. Emits `answer` before each leaves.
 */
@Injectable()
export class ParserFaults extends EventEmitter<{ answer: [AnswerToFault] }> {
  private readonly answered = new WeakSet<Socket>();

  constructor(
    private readonly underWay: AnswersUnderWay,
    private readonly publicUrl: PublicUrl,
    @Inject(FIELDS_FOR_ORIGIN) private readonly fieldsForOrigin: FieldsForOrigin,
  ) {
    super();
  }

  /** Replaces Fastify's listener, which answers such messages with a text of its own. */
  listen(server: Server): void {
    server.removeAllListeners('clientError').on('clientError', this.handle);
    // RFC 9110 §9.3.6: the service is not a proxy. Without a listener Node would close the connection without an answer.
    server.on(
      'connect',
      (_request, socket: Socket) => void this.answer(socket, methodNotImplemented('CONNECT'), 'sent'),
    );
  }

  private readonly handle = (error: ConnectionError, socket: Socket): void => {
    if (comesOfStop(error, socket)) return;
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return void socket.destroy();
    // 408 is for a request that has begun (RFC 9110 §15.5.9). closeIdle() ends a connection without one.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) return;
    // The last answer has been sent. The code that sent it closes the connection once the client has had time to read it.
    if (!socket.writable) return;
    const message = refusedMessage(error, socket, this.underWay.latestOn(socket));
    void this.answer(socket, problemOf(error.code, message), bodyFor(error.code, message), message.originOfHead);
  };

  private async answer(socket: Socket, exception: HttpException, part: BodyOfAnswer, origin?: string): Promise<void> {
    // The parser repeats its error for all bytes that come after it.
    if (this.answered.has(socket)) return;
    this.answered.add(socket);
    const isAwaited = await this.underWay.turnOfBrokenMessage(socket);
    if (!socket.writable) return;
    if (isAwaited) this.write(socket, exception, part, origin);
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  }

  private write(socket: Socket, exception: HttpException, part: BodyOfAnswer, origin: string | undefined): void {
    const requestId = requestIdOf({ headers: {} });
    const status = exception.getStatus();
    const problem = exception.getResponse() as Problem;
    const body = JSON.stringify(problemBody(problem, status, requestId, this.publicUrl));
    const fields = {
      Date: new Date().toUTCString(),
      ...(part !== 'none' && { 'Content-Type': 'application/problem+json' }),
      'Content-Length': part === 'none' ? 0 : Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      'X-Content-Type-Options': 'nosniff',
      ...this.fieldsForOrigin(origin),
      Connection: 'close',
    };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    this.underWay.answeredOnSocket(socket);
    this.emit('answer', { requestId, status, code: problem.type.code, has: (field) => field in fields });
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${part === 'sent' ? body : ''}`);
  }
}
