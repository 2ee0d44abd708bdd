import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/config.js';
import { serverOptions } from '../http/adapter.js';
import { routeNotFound } from '../http/head/head.problems.js';
import { RouteCheck } from '../http/head/route.js';
import { pathIn } from '../http/head/target.js';
import type { HttpHooks } from '../http/http-hooks.js';
import { Resources } from '../http/routes/resources.js';
import { WHOLE_SERVER } from '../http/routes/route-table.js';
import { getMetrics } from './metrics.operations.js';

/** The most connections to this port. Prometheus keeps one open. */
const MOST_CONNECTIONS = 64;

/** As the operation is on its own port: its network says who may call it, so nobody is asked for a credential. */
const OPEN = { ...getMetrics, scope: undefined };

/**
 * METRICS_PORT: a server that has the metrics and nothing else. Its requests go the way of all others: the same parser faults, checks, hooks
 * and drain. On the main port there are no metrics then.
 */
@Injectable()
export class MetricsPort implements BeforeApplicationShutdown {
  private server: Server | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly resources: Resources,
    routes: RouteCheck,
  ) {
    if (config.metricsPort !== undefined) routes.ports = this;
  }

  /** The port that it listens on; undefined without METRICS_PORT. */
  get port(): number | undefined {
    return (this.server?.address() as AddressInfo | null | undefined)?.port;
  }

  /** Listens, if METRICS_PORT is set. Rejects with an error of Node. */
  async listen(fastify: FastifyInstance, hooks: HttpHooks, host: string): Promise<void> {
    const { metricsPort, keepAliveTimeoutMs, requestTimeoutMs } = this.config;
    if (metricsPort === undefined) return;
    const server = createServer({
      ...serverOptions(this.config),
      keepAliveTimeout: keepAliveTimeoutMs,
      requestTimeout: requestTimeoutMs,
    });
    server.on('request', (request, response) => fastify.routing(request, response));
    hooks.attachToServer(server);
    server.maxConnections = MOST_CONNECTIONS;
    this.server = server;
    await once(server.listen(metricsPort, host), 'listening');
  }

  /** After the drain. */
  async beforeApplicationShutdown(): Promise<void> {
    if (!this.server?.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeIdleConnections();
    await closed;
  }

  /** Problem: routeNotFound (404) for the metrics on the main port, and for everything else on this one. */
  check(request: FastifyRequest, reply: FastifyReply): void {
    const { socket } = request.raw as { socket: { server?: Server } };
    if (socket.server === this.server) this.checkHere(request, reply);
    else this.checkElsewhere(request);
  }

  private checkHere(request: FastifyRequest, reply: FastifyReply): void {
    const { route } = request;
    if (route.url === getMetrics.path) {
      if (route.operation) request.route = { ...route, operation: OPEN };
    } else if (route.url === WHOLE_SERVER) {
      request.route = { ...route, allow: 'GET, HEAD, OPTIONS' };
    } else {
      // None of the operations answers here.
      request.route = {};
      request.raw.operationId = undefined;
      reply.removeHeader('vary');
      throw this.notFound(request, getMetrics.path);
    }
  }

  private checkElsewhere(request: FastifyRequest): void {
    if (request.route.url === getMetrics.path) throw this.notFound(request);
    if (request.is404 && this.meantBy(request) === getMetrics.path) throw this.notFound(request);
  }

  /** `known`: the path that may be named as the one that was meant. */
  private notFound(request: FastifyRequest, known?: string): Error {
    const meant = request.is404 ? this.meantBy(request) : undefined;
    return routeNotFound(pathIn(request.originalUrl).slice(0, 200), meant === known ? meant : undefined);
  }

  private meantBy({ originalUrl }: FastifyRequest): string | undefined {
    return this.resources.pathMeantBy(pathIn(originalUrl));
  }
}
