import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { elementsOf } from '../fields/list-field.js';

const waiting = new WeakSet<IncomingMessage>();

/** Passes requests with Expect on to the checks. Node would send 100 before the checks, or its own 417 instead of them. */
export function judgeExpectations(server: Server): void {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (expectationsOf(request).length > 0) waiting.add(request);
    server.emit('request', request, response);
  };
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
}

/** The expectations of a message. RFC 9110 §10.1.1: HTTP/1.0 has none. */
export function expectationsOf({ httpVersion, headers }: IncomingMessage): string[] {
  return httpVersion === '1.1' && headers.expect !== undefined ? elementsOf(headers.expect) : [];
}

/** Asks the client for the body that it holds back. Call once no check of the head has refused the request. */
export function sendContinue({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (waiting.delete(raw)) reply.raw.writeContinue();
}

/** Whether the client still waits for 100. If it is refused now it may still send its body, so the connection must close. */
export function isWaitingForContinue({ raw }: FastifyRequest): boolean {
  return waiting.has(raw);
}
