import type { Socket } from 'node:net';

/** A refused client that goes on sending is cut off once it has paused for so long, in milliseconds … */
const PAUSE_MS = 2_000;

/** … and after so many pauses' time in any case. */
const MOST_PAUSES = 15;

/**
 * For an answer with `Connection: close` before all content was read. Node would close the socket after it, and what the
 * client is still sending would be met by a reset, which can take the answer away from it. RFC 9112 §9.6: close the
 * writing half, and go on reading for a while.
 */
export function closeWithLinger(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    socket.once('end', () => socket.destroy());
    let left = MOST_PAUSES;
    let read = socket.bytesRead;
    const watch = setInterval(() => {
      left -= 1;
      if (socket.bytesRead === read || left === 0) socket.destroy();
      read = socket.bytesRead;
    }, PAUSE_MS).unref();
    socket.once('close', () => clearInterval(watch));
  };
}
