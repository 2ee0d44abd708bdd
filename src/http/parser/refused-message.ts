import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import type { LatestRequest } from '../wire/connection-share.js';

/** What is there of a message that Node's parser refused: the bytes that came in one packet with the one refused. */
export interface RefusedMessage {
  /** All that came before the byte refused, of this message and of others. */
  before: string;
  /** The byte refused, and all that came after it. */
  after: string;
  /**
   * The part of `before` that is this message's own, or a later part of it where it began in an earlier packet;
   * undefined where it may stand behind content that came with it, whose end is not known.
   */
  own: string | undefined;
  /** The head was read already, and what follows is broken; this is its method. */
  methodOfHead: string | undefined;
  /** No byte was sent on the connection. */
  isNothing: boolean;
}

/** Tells a refused message apart from what stands before it. `latest` is the last request whose head was read. */
export function refusedMessage(error: ConnectionError, socket: Socket, latest?: LatestRequest): RefusedMessage {
  // Fastify's type for it says that rawPacket is JSON; Node documents a Buffer (http, event 'clientError').
  const text = (error.rawPacket as unknown as Buffer | undefined)?.toString('latin1') ?? '';
  const before = text.slice(0, error.bytesParsed);
  return {
    before,
    after: text.slice(before.length),
    own: ownPart(before, latest),
    methodOfHead: latest?.request.complete === false ? latest.request.method : undefined,
    isNothing: socket.bytesRead === 0,
  };
}

function ownPart(before: string, latest: LatestRequest | undefined): string | undefined {
  if (!latest || latest.isPast) return withoutEmptyLines(before);
  if (Number(latest.request.headers['content-length'] ?? 0) > 0) return undefined;
  // A request without content ends with an empty line, and so do chunks.
  return withoutEmptyLines(before.slice(before.lastIndexOf('\r\n\r\n') + 1));
}

// RFC 9112 §2.2.
function withoutEmptyLines(text: string): string {
  return text.replace(/^[\r\n]+/, '');
}
