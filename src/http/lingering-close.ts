import type { Socket } from 'node:net';

/** How long a refused client may go on sending before it is cut off, in milliseconds. */
const LINGER_MS = 2_000;

/**
 * For an answer with `Connection: close` before all content was read. Node would close the socket after it, and what the
 * client is still sending would be met by a reset, which can take the answer away from it. RFC 9112 §9.6: close the
 * writing half, and go on reading for a while.
 */
export function closeWithLinger(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    socket.once('end', () => socket.destroy());
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}
