import type { FastifyRequest } from 'fastify';
import { hasContent } from '../wire/framing.js';
import { overloaded } from './overload.problems.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Takes room for so many bytes of content; false if there is none. Set where content will be read. */
    takeRoom?: (bytes: number) => boolean;
  }
}

/** Content of so many bytes has room as a whole before it is read; longer content as it comes. */
const WHOLE_LIMIT_BYTES = 65_536;

/** Whether a request has content that its operation reads. */
export function isBodyRead(request: FastifyRequest): boolean {
  return request.route.operation?.body !== undefined && hasContent(request);
}

/**
 * Takes room for content that will be read. By its length, or as it comes: content that is announced and never sent must
 * not keep others out. False: there is no room.
 */
export function takeBody(request: FastifyRequest, take: (bytes: number) => boolean): boolean {
  request.takeRoom = take;
  const lengthBytes = Number(request.headers['content-length'] ?? Infinity);
  if (lengthBytes <= WHOLE_LIMIT_BYTES) return take(lengthBytes);
  const { raw } = request;
  // Fastify's own listener follows within this turn.
  raw.on('data', function count({ length }: Buffer) {
    if (take(length)) return;
    raw.off('data', count);
    refuseBody(request.raw);
  });
  return true;
}

/** Takes room for content as it was before its coding, besides that of what came. Problem: overloaded (503). */
export function keepUnpacked({ takeRoom }: FastifyRequest, { length }: Buffer): void {
  if (takeRoom && !takeRoom(length)) throw overloaded('requests');
}

/** Ends the reading of content with the problem overloaded (503), where it has begun. The rest is not awaited. */
export function refuseBody(message: FastifyRequest['raw']): void {
  // Fastify listens while it reads.
  if (message.listenerCount('error') > 0) message.emit('error', overloaded('requests', true));
}
