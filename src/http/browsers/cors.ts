import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { CONTRACT, type Contract } from '../../contract/contract.js';

/** Fields that a page may always read (Fetch, "CORS-safelisted response-header name"). */
const ALWAYS_READABLE = new Set([
  'Cache-Control',
  'Content-Language',
  'Content-Length',
  'Content-Type',
  'Expires',
  'Last-Modified',
  'Pragma',
]);

/** Fields that are read on every path and declared on none (W3C Trace Context). */
const TRACE_CONTEXT = ['traceparent', 'tracestate'];

/** How long a browser may keep the answer to a preflight: the most that Chromium takes. */
const MAX_AGE_SECONDS = 7_200;

/**
 * Lets web pages of the origins in `CORS_ORIGINS` call the service and read its answers (Fetch, "CORS protocol"). Credentials
 * are keys and tokens that the page itself puts in Authorization. None are cookies, so Access-Control-Allow-Credentials is
 * never sent.
 */
@Injectable()
export class Cors {
  /** Whether any origin is allowed. If not, {@link mark} has nothing to do. */
  readonly isOn: boolean;
  private readonly origins: ReadonlySet<string>;
  private readonly exposed: string;
  private readonly fieldsOfPaths: ReadonlyMap<string | undefined, string>;

  constructor(
    @Inject(CONTRACT) private readonly contract: Contract,
    @Inject(CONFIG) private readonly settings: Pick<Config, 'corsOrigins' | 'rehearsal'>,
  ) {
    this.origins = new Set(settings.corsOrigins);
    this.isOn = this.origins.size > 0;
    this.exposed = this.readable().join(', ');
    const paths = new Set(this.isOn ? contract.operations.map(({ path }) => path) : []);
    this.fieldsOfPaths = new Map([...paths].map((path) => [path, this.sendable(path).join(', ')]));
  }

  /**
   * Fastify's hook before an answer is sent, problems included. Every answer depends on Origin, also those to requests
   * without it: a cache must not give them to a page (Fetch, "CORS protocol and HTTP caches").
   */
  readonly mark: onSendHookHandler = (request, reply, payload, done) => {
    const vary = reply.getHeader('vary');
    reply.header('vary', vary === undefined ? 'Origin' : `${String(vary)}, Origin`);
    const { origin } = request.headers;
    if (origin !== undefined && this.origins.has(origin)) {
      reply.header('access-control-allow-origin', origin);
      if (isPreflight(request)) this.allow(request, reply);
      else reply.header('access-control-expose-headers', this.exposed);
    }
    done(null, payload);
  };

  /**
   * The fields of an answer that no hook sees, since the rest of its message could not be read. `origin` is that of its head; undefined
   * if there was none, or if the head was not read.
   */
  fieldsFor(origin: string | undefined): Record<string, string> {
    if (!this.isOn) return {};
    if (origin === undefined || !this.origins.has(origin)) return { Vary: 'Origin' };
    return { Vary: 'Origin', 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': this.exposed };
  }

  /** Says what a page may send. A refused preflight, such as a 404, says nothing, so the browser does not send the request. */
  private allow({ route }: FastifyRequest, reply: FastifyReply): void {
    const methods = reply.getHeader('allow');
    const fields = this.fieldsOfPaths.get(route.url);
    if (methods === undefined || fields === undefined) return;
    reply
      .header('access-control-allow-methods', methods)
      .header('access-control-allow-headers', fields)
      .header('access-control-max-age', String(MAX_AGE_SECONDS));
  }

  /** The fields of answers that a page may read: all that are declared. */
  private readable(): string[] {
    const declared = Object.keys(this.contract.responseFields).filter((name) => !ALWAYS_READABLE.has(name));
    return this.settings.rehearsal ? [...declared, 'Rehearsed'] : declared;
  }

  /** The fields of requests that the operations of a path read. */
  private sendable(path: string): string[] {
    const operations = this.contract.operations.filter((operation) => operation.path === path);
    const declared = this.contract.requestFields.filter(({ isFor }) => operations.some(isFor)).map(({ name }) => name);
    const ofBodies = operations.some(({ body }) => body) ? ['Content-Type'] : [];
    const rehearse = this.settings.rehearsal ? ['Rehearse'] : [];
    return [...new Set(['Accept', 'Authorization', ...ofBodies, ...declared, ...rehearse, ...TRACE_CONTEXT])];
  }
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}
