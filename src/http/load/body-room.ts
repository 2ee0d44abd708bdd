import type { FastifyRequest } from 'fastify';
import { hasBody } from '../wire/framing.js';
import { overloaded } from './overload.problems.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Takes room for a number of bytes of the body; false if there is none. Set if a body will be read. */
    takeRoom?: (bytes: number) => boolean;
  }
}

/** Up to this size, room for the whole body is taken before it is read; for a longer one, as it comes. */
const WHOLE_LIMIT_BYTES = 65_536;

/** Whether a request has a body that its operation reads. */
export function isBodyRead(request: FastifyRequest): boolean {
  return request.route.operation?.body !== undefined && hasBody(request);
}

/**
 * Takes room for a body that will be read; false if there is none. Room for a long body is taken as it comes, so that one
 * that is announced but never sent keeps nobody out.
 */
export function takeBody(request: FastifyRequest, take: (bytes: number) => boolean): boolean {
  request.takeRoom = take;
  const lengthBytes = Number(request.headers['content-length'] ?? Infinity);
  if (lengthBytes <= WHOLE_LIMIT_BYTES) return take(lengthBytes);
  const { raw } = request;
  // Reading begins later in this turn of the event loop, so no byte is missed.
  raw.on('data', function count({ length }: Buffer) {
    if (take(length)) return;
    raw.off('data', count);
    refuseBody(request.raw);
  });
  return true;
}

/** Takes room for an unpacked body, in addition to that of the packed one. Problem: overloaded (503). */
export function keepUnpacked({ takeRoom }: FastifyRequest, { length }: Buffer): void {
  if (takeRoom && !takeRoom(length)) throw overloaded('bodies');
}

/** Ends the reading of a body, if it has begun, with the problem overloaded (503). Does not wait for the rest. */
export function refuseBody(message: FastifyRequest['raw']): void {
  // BodyReader listens while it reads.
  if (message.listenerCount('error') > 0) message.emit('error', overloaded('bodies', { isLast: true }));
}
