import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AnswersUnderWay } from './answers-under-way.js';

/** How long running requests can go on after the application begins to close. Then their connections are cut. */
const DRAIN_TIMEOUT_MS = 8_000;

/**
 * Stops a server between requests. Fastify's close() waits for all connections. Node would keep two kinds of them open:
 * those with a request running now (kept alive for 72 s), and those on which nothing was ever sent.
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

  /** From now on every answer closes its connection. After the time limit all connections are cut. */
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

// RFC 9112 §9.6: a server that is about to close announces it, and the client sends nothing more on this connection.
function closeAfter(response: ServerResponse, server: Server): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
  // If the head left before the drain began, it has no Connection: close.
  response.once('close', () => setImmediate(() => server.closeIdleConnections()));
}
