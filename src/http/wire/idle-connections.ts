import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { AnswersUnderWay } from './answers-under-way.js';

/**
 * Closes connections on which nothing was sent for `keepAliveTimeoutMs`, even before the first request. It sends no 408,
 * which the client would take for the answer to its next request. A request that began has its own limit: Node refuses it
 * `headersTimeoutMs` after its first byte.
 */
export function closeIdle(
  server: Server,
  underWay: AnswersUnderWay,
  keepAliveTimeoutMs: number,
  headersTimeoutMs: number,
): void {
  const begun = new WeakSet<Socket>();
  // Node sets this timeout only after an answer.
  server.on('connection', (socket: Socket) => socket.setTimeout(keepAliveTimeoutMs));
  server.prependListener('request', ({ socket }: IncomingMessage) => {
    if (!socket.timeout) return;
    socket.setTimeout(0);
    begun.delete(socket);
  });
  server.on('timeout', (socket: Socket) => {
    // The second time only empty lines came (RFC 9112 §2.2): Node would have refused anything else by now.
    if (!underWay.hasBegunNext(socket) || begun.has(socket)) return void socket.destroy();
    begun.add(socket);
    socket.setTimeout(2 * headersTimeoutMs);
  });
}
