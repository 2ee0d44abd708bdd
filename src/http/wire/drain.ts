import type { EventEmitter } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as passed } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../../config/config.js';
import { LOGGER } from '../../telemetry/logger.js';
import { AnswersUnderWay } from './answers-under-way.js';

/** What is left of SHUTDOWN_TIMEOUT_MS when connections are cut: enough for the database to close. */
export const CLOSING_MS = 1_500;

/**
 * Stops a server without losing a request. Load balancers first see that the service stops, and have DRAIN_DELAY_MS to send requests
 * elsewhere. Then new requests are refused, also on new connections, until the running ones are answered. All of it is before other parts end
 * their work in Nest's beforeApplicationShutdown, and before Fastify's close().
 */
@Injectable()
export class Drain implements OnModuleDestroy {
  private readonly servers: Server[] = [];
  private readonly connections = new Set<Socket>();
  private readonly refusing = new AbortController();
  /** When connections are cut, in milliseconds of the process; undefined until the service stops. */
  private cutAt: number | undefined;

  constructor(
    private readonly underWay: AnswersUnderWay,
    @Inject(CONFIG) private readonly config: Pick<Config, 'drainDelayMs' | 'shutdownTimeoutMs'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Notes the connections of a server. */
  watch(server: Server): void {
    this.servers.push(server);
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  /** Whether the service stops, and perhaps still serves. */
  get isStopping(): boolean {
    return this.cutAt !== undefined;
  }

  /** Aborted when new requests are refused. Answers that go on for long must end then. */
  get ending(): AbortSignal {
    return this.refusing.signal;
  }

  /** Whole seconds until the process has ended. */
  get secondsLeft(): number {
    const leftMs = (this.cutAt ?? 0) + CLOSING_MS - performance.now();
    return Math.max(1, Math.ceil(leftMs / 1_000));
  }

  /** Settles when no request is running. Those that are not answered in time are cut. */
  async onModuleDestroy(): Promise<void> {
    const { servers, config } = this;
    if (servers.length === 0) return;
    const leftMs = config.shutdownTimeoutMs - CLOSING_MS;
    this.cutAt = performance.now() + leftMs;
    const cut = new Promise<void>((resolve) => {
      // Also while Fastify waits: half a request can be on a connection.
      setTimeout(() => resolve(this.cut()), leftMs).unref();
    });
    for (const server of servers) {
      server.prependListener('request', (_request, response: ServerResponse) => announceClose(response));
    }
    for (const response of this.running()) announceClose(response);
    await passed(config.drainDelayMs);
    this.refusing.abort();
    await Promise.race([cut, Promise.all([...this.connections].map((socket) => this.isOver(socket)))]);
    // Browsers open connections in advance. Node counts a connection as busy until its first request is answered.
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Resolves once a connection is closed or all its answers are. */
  private async isOver(socket: Socket): Promise<void> {
    const running = [...this.underWay.runningOn(socket)];
    if (running.length === 0) return;
    await Promise.race([isClosed(socket), Promise.all(running.map(isClosed))]);
  }

  private running(): ServerResponse[] {
    return [...this.connections].flatMap((socket) => [...this.underWay.runningOn(socket)]);
  }

  private cut(): void {
    if (this.connections.size === 0) return;
    const counts = { requests: this.running().length, connections: this.connections.size };
    this.logger.warn(counts, 'Connections are cut, since SHUTDOWN_TIMEOUT_MS is over');
    for (const server of this.servers) server.closeAllConnections();
  }
}

// RFC 9112 §9.6: a server that is about to close announces it, and the client sends nothing more on this connection.
function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

// When a connection is lost, Node closes only its first response.

function isClosed(closing: EventEmitter): Promise<void> {
  return new Promise((resolve) => closing.once('close', () => resolve()));
}
