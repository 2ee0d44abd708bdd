import type { Socket } from 'node:net';
import { discardRequests } from './stopped-reading.js';

/** How often it is seen whether a refused client still sends, in milliseconds: one that does not is cut off. */
const CHECK_MS = 2_000;

/** After so many checks any client is cut off. */
const MOST_CHECKS = 15;

/**
 * For an answer with `Connection: close` before all content was read. Node would close the socket after it, and what the
 * client is still sending would be met by a reset, which can take the answer away from it. RFC 9112 §9.6: close the
 * writing half, and go on reading for a while.
 */
export function closeWithLinger(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    discardRequests(socket);
    socket.once('end', () => socket.destroy());
    let left = MOST_CHECKS;
    let read = socket.bytesRead;
    const checks = setInterval(() => {
      left -= 1;
      if (socket.bytesRead === read || left === 0) socket.destroy();
      read = socket.bytesRead;
    }, CHECK_MS).unref();
    socket.once('close', () => clearInterval(checks));
  };
}

/** Takes that back. */
export function closeWithoutLinger(socket: Socket): void {
  // What Node's sockets have of their prototype.
  Reflect.deleteProperty(socket, 'destroySoon');
}
