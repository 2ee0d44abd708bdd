import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { hasBody } from '../wire/framing.js';

/**
 * Takes room for a number of bytes of a body. Returns the problem overloaded (503) if there is none; with `isLast` the rest of
 * the body is not waited for.
 */
export type TakeRoom = (bytes: number, isLast?: boolean) => Error | undefined;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set if a body will be read. */
    takeRoom?: TakeRoom;
  }
}

/** Up to this size, room for the whole body is taken before it is read; for a longer one, as it comes. */
const WHOLE_LIMIT_BYTES = 65_536;

/** Whether a request has a body that its operation reads. */
export function isBodyRead(request: FastifyRequest): boolean {
  return request.route.operation?.body !== undefined && hasBody(request);
}

/**
 * Takes room for a body that will be read; returns the problem overloaded (503) if there is none. Room for a long body is
 * taken as it comes, so that one that is announced but never sent keeps nobody out.
 */
export function takeBody(request: FastifyRequest, take: TakeRoom): Error | undefined {
  request.takeRoom = take;
  const lengthBytes = Number(request.headers['content-length'] ?? Infinity);
  if (lengthBytes <= WHOLE_LIMIT_BYTES) return take(lengthBytes);
  const { raw } = request;
  // Reading begins later in this turn of the event loop, so no byte is missed.
  raw.on('data', function count({ length }: Buffer) {
    const refusal = take(length, true);
    if (!refusal) return;
    raw.off('data', count);
    raw.emit('error', refusal);
  });
  return undefined;
}

/** Takes room for an unpacked body, in addition to that of the packed one. Problem: overloaded (503). */
export function keepUnpacked({ takeRoom }: FastifyRequest, { length }: Buffer): void {
  const refusal = takeRoom?.(length);
  if (refusal) throw refusal;
}

/** Whether a body is being read. BodyReader listens while it reads; an error on the message ends that, and is the answer. */
export function isBeingRead(message: IncomingMessage): boolean {
  return !message.complete && message.listenerCount('error') > 0;
}
