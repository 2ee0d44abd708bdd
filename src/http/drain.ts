import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets a server stop between requests instead of amid them. Fastify's close() waits for all connections, and Node keeps
 * those open that are kept alive by a request running now (for 72 s), or on which nothing was ever sent.
 */
export class Drain {
  /** The answers that run on each connection. */
  private readonly running = new Map<Socket, Set<ServerResponse>>();
  private hasBegun = false;

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.running.set(socket, new Set());
      // With its answers: those that still wait for the one before them never close.
      socket.once('close', () => this.running.delete(socket));
    });
    server.prependListener('request', ({ socket }, response: ServerResponse) => this.watch(socket, response));
  }

  /** From now on every answer closes its connection. What still runs after `timeoutMs` is cut off. */
  begin(timeoutMs: number): void {
    this.hasBegun = true;
    for (const [socket, responses] of this.running) {
      responses.forEach(closeAfter);
      // Browsers open connections in advance; Node counts a connection as busy until its first request is answered.
      if (socket.bytesRead === 0) socket.destroy();
    }
    setTimeout(() => this.server.closeAllConnections(), timeoutMs).unref();
  }

  private watch(socket: Socket, response: ServerResponse): void {
    if (this.hasBegun) closeAfter(response);
    this.running.get(socket)?.add(response);
    response.once('close', () => {
      this.running.get(socket)?.delete(response);
      // The head may have left before the drain began, and so without Connection: close.
      if (this.hasBegun) setImmediate(() => this.server.closeIdleConnections());
    });
  }
}

// RFC 9112 §9.6: whoever is about to close says so, and the client sends nothing more on this connection.
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}
