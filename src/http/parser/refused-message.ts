import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import type { LatestRequest } from '../wire/connection-share.js';

/** A message that Node's parser refused. Only the packet with the refused byte is left of it. */
export interface RefusedMessage {
  /** All bytes before the refused one, of this message and of others. */
  before: string;
  /** The refused byte and all after it. */
  after: string;
  /**
   * The part of `before` that belongs to this message; not its beginning, if that came in an earlier packet. Undefined if
   * `before` may also hold the body of an earlier request, whose end is not known.
   */
  own: string | undefined;
  /** The method, if the head was read and the rest is broken. */
  methodOfHead: string | undefined;
  /** The Origin, in the same case. */
  originOfHead: string | undefined;
  /** Whether no byte was sent on the connection. */
  isNothing: boolean;
}

/** Separates a refused message from the bytes before it. `latest` is the last request whose head was read. */
export function refusedMessage(error: ConnectionError, socket: Socket, latest?: LatestRequest): RefusedMessage {
  // Fastify's type says that rawPacket is JSON. Node documents a Buffer (http, event 'clientError').
  const text = (error.rawPacket as unknown as Buffer | undefined)?.toString('latin1') ?? '';
  const before = text.slice(0, error.bytesParsed);
  const head = latest?.request.complete === false ? latest.request : undefined;
  return {
    before,
    after: text.slice(before.length),
    own: ownPart(before, latest),
    methodOfHead: head?.method,
    originOfHead: head?.headers.origin,
    isNothing: socket.bytesRead === 0,
  };
}

function ownPart(before: string, latest: LatestRequest | undefined): string | undefined {
  if (!latest || latest.isPast) return withoutEmptyLines(before);
  if (Number(latest.request.headers['content-length'] ?? 0) > 0) return undefined;
  // A request without a body ends with an empty line, and so do chunks.
  return withoutEmptyLines(before.slice(before.lastIndexOf('\r\n\r\n') + 1));
}

// RFC 9112 §2.2.
function withoutEmptyLines(text: string): string {
  return text.replace(/^[\r\n]+/, '');
}
