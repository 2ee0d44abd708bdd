import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { elementsOf } from '../fields/list-field.js';

const waiting = new WeakSet<IncomingMessage>();

/** Lets requests with Expect through to the checks; Node would send 100 before them, and its own 417 past them. */
export function judgeExpectations(server: Server): void {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (expectationsOf(request).length > 0) waiting.add(request);
    server.emit('request', request, response);
  };
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
}

/** What a message expects. RFC 9110 §10.1.1: HTTP/1.0 has no expectations. */
export function expectationsOf({ httpVersion, headers }: IncomingMessage): string[] {
  return httpVersion === '1.1' && headers.expect !== undefined ? elementsOf(headers.expect) : [];
}

/** Asks for the content that the client holds back, once nothing in the head speaks against it. */
export function sendContinue({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (waiting.delete(raw)) reply.raw.writeContinue();
}

/** Whether the client still waits for 100. Refused, it may send its content or not: the connection must close. */
export function isWaitingForContinue({ raw }: FastifyRequest): boolean {
  return waiting.has(raw);
}
