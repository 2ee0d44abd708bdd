import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AnswersUnderWay } from './answers-under-way.js';

/**
 * Lets a server stop between requests instead of amid them. Fastify's close() waits for all connections, and Node keeps
 * those open that are kept alive by a request running now (for 72 s), or on which nothing was ever sent.
 */
export class Drain {
  private readonly connections = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** From now on every answer closes its connection. What still runs after `timeoutMs` is cut off. */
  begin(timeoutMs: number): void {
    const underWay = AnswersUnderWay.at(this.server);
    this.server.prependListener('request', (_request, response: ServerResponse) => this.closeAfter(response));
    for (const socket of this.connections) {
      for (const response of underWay.runningOn(socket)) this.closeAfter(response);
      // Browsers open connections in advance; Node counts a connection as busy until its first request is answered.
      if (socket.bytesRead === 0) socket.destroy();
    }
    setTimeout(() => this.server.closeAllConnections(), timeoutMs).unref();
  }

  // RFC 9112 §9.6: whoever is about to close says so, and the client sends nothing more on this connection.
  private closeAfter(response: ServerResponse): void {
    if (!response.headersSent) response.setHeader('Connection', 'close');
    // The head may have left before the drain began, and so without Connection: close.
    response.once('close', () => setImmediate(() => this.server.closeIdleConnections()));
  }
}
