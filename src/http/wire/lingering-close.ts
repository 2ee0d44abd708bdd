import type { Socket } from 'node:net';
import { discardRequests } from './stopped-reading.js';

/** How often a refused client is checked, in milliseconds. If it has stopped sending, it is cut off. */
const CHECK_MS = 2_000;

/** After this number of checks every client is cut off. */
const MOST_CHECKS = 15;

/**
 * Makes the close after the next answer a lingering one. Node would close the socket while the client is still sending its
 * body. The system would answer with a reset, which can destroy the answer before the client reads it. RFC 9112 §9.6: close
 * the writing half, and go on reading for a while.
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

/** Undoes closeWithLinger(). */
export function closeWithoutLinger(socket: Socket): void {
  // Restores the method of the prototype.
  Reflect.deleteProperty(socket, 'destroySoon');
}
