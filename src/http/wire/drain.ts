import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AnswersUnderWay } from './answers-under-way.js';

/** How long running requests may take once the application closes, before their connections are cut. */
const DRAIN_TIMEOUT_MS = 8_000;

/**
 * Stops a server between requests. Fastify's close() waits for all connections, and Node keeps those open that are kept
 * alive by a request running now (for 72 s), or on which nothing was ever sent.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  private server: Server | undefined;
  private readonly connections = new Set<Socket>();

  constructor(private readonly underWay: AnswersUnderWay) {}

  /** Notes the connections of a server. */
  watch(server: Server): void {
    this.server = server;
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** From now on every answer closes its connection. What still runs after the time limit is cut off. */
  beforeApplicationShutdown(): void {
    const { server } = this;
    if (!server) return;
    server.prependListener('request', (_request, response: ServerResponse) => closeAfter(response, server));
    for (const socket of this.connections) {
      for (const response of this.underWay.runningOn(socket)) closeAfter(response, server);
      // Browsers open connections in advance; Node counts a connection as busy until its first request is answered.
      if (socket.bytesRead === 0) socket.destroy();
    }
    setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS).unref();
  }
}

// RFC 9112 §9.6: whoever is about to close says so, and the client sends nothing more on this connection.
function closeAfter(response: ServerResponse, server: Server): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
  // The head may have left before the drain began, and so without Connection: close.
  response.once('close', () => setImmediate(() => server.closeIdleConnections()));
}
