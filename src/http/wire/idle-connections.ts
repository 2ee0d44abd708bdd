import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { AnswersUnderWay } from './answers-under-way.js';

/**
 * Closes connections in silence on which nothing was sent for `keepAliveTimeoutMs`, the first request included: a 408 would
 * be taken for the answer to whatever the client sends next. A request that began has its own limit, `headersTimeoutMs`
 * from its first byte, after which Node refuses it.
 */
export function closeIdle(
  server: Server,
  underWay: AnswersUnderWay,
  keepAliveTimeoutMs: number,
  headersTimeoutMs: number,
): void {
  const begun = new WeakSet<Socket>();
  // Node sets it after an answer only.
  server.on('connection', (socket: Socket) => socket.setTimeout(keepAliveTimeoutMs));
  server.prependListener('request', ({ socket }: IncomingMessage) => {
    if (!socket.timeout) return;
    socket.setTimeout(0);
    begun.delete(socket);
  });
  server.on('timeout', (socket: Socket) => {
    // The second time it is not refused yet, and so nothing but empty lines (RFC 9112 §2.2).
    if (!underWay.hasBegunNext(socket) || begun.has(socket)) return void socket.destroy();
    begun.add(socket);
    socket.setTimeout(2 * headersTimeoutMs);
  });
}
