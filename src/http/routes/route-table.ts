import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { WHOLE_SERVER } from '../head/target.js';
import { contentsOf, type Operation } from '../../contract/operation.js';

/** The methods that the service knows: RFC 9110 §9.3 without CONNECT, PATCH (RFC 5789) and QUERY (RFC 10008). */
export const KNOWN_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY'];

/** One path, with the methods that its declarations offer. */
export interface Resource {
  path: string;
  params: Operation['params'];
  /** In alphabetical order, as Allow gives them. HEAD goes with GET, OPTIONS is everywhere. */
  methods: string[];
  /** Media types of the patches that it takes. */
  patchTypes: string[];
}

/** The resources that the declarations make. */
export function resourcesOf(operations: Operation[]): Resource[] {
  const paths = [...new Set(operations.map(({ path }) => path))];
  return paths.map((path) => {
    const here = operations.filter((operation) => operation.path === path);
    const offered = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    const patchTypes = here
      .filter(({ method }) => method === 'PATCH')
      .flatMap(contentsOf)
      .map(([type]) => type);
    return { path, params: here[0]?.params, methods: [...offered, 'OPTIONS'].sort(), patchTypes };
  });
}

/**
 * The path of a resource that another path, which must be decodable, was most likely meant for: one that differs in its slashes,
 * encoded ones too, or in the case of its fixed segments.
 */
export function pathMeantBy(path: string, resources: Resource[]): string | undefined {
  const segments = path.split(/\/|%2f/i).filter(Boolean);
  for (const { path: route, params = {} } of resources) {
    const fixed = route.split('/').filter(Boolean);
    const isMeant = fixed.every((name, at) => {
      const given = segments[at] ?? '';
      return name.startsWith(':')
        ? params[name.slice(1)]?.pattern.test(decodeURIComponent(given))
        : name === given.toLowerCase();
    });
    if (isMeant && fixed.length === segments.length) {
      return `/${fixed.map((name, at) => (name.startsWith(':') ? segments[at] : name)).join('/')}`;
    }
  }
  return undefined;
}

/** Holds the routes that Nest registers against the declarations, and adds what no controller has. */
export class RouteTable {
  private readonly bound = new Set<Operation>();

  constructor(private readonly operations: Operation[]) {}

  /** For Fastify's onRoute hook. Throws if a controller's route is not the one that its operation declares. */
  check({ config, method, url }: RouteOptions): void {
    if (config?.allow) return;
    const operation = config?.operation;
    if (!operation || !this.operations.includes(operation))
      throw new Error(`${String(method)} ${url} has no declaration`);
    const isHeadOfGet = method === 'HEAD' && operation.method === 'GET';
    if (url !== operation.path || (method !== operation.method && !isHeadOfGet)) {
      throw new Error(
        `${operation.id} declares ${operation.method} ${operation.path}, but serves ${String(method)} ${url}`,
      );
    }
    this.bound.add(operation);
  }

  /** After the last controller: OPTIONS for every path, and a route for each method that it does not offer. */
  complete(fastify: FastifyInstance): void {
    const unbound = this.operations.filter((operation) => !this.bound.has(operation));
    if (unbound.length > 0) throw new Error(`No handler is bound to ${unbound.map(({ id }) => id).join(', ')}`);
    const resources = resourcesOf(this.operations);
    const everywhere = [...new Set(resources.flatMap(({ methods }) => methods))].sort().join(', ');
    // RFC 9110 §9.3.7: `OPTIONS *` asks about the server as a whole.
    fastify.route({ url: WHOLE_SERVER, method: 'OPTIONS', config: { allow: everywhere }, handler: answerOptions });
    for (const { path: url, methods, params, patchTypes } of resources) {
      const allow = methods.join(', ');
      const missing = KNOWN_METHODS.filter((method) => !methods.includes(method));
      fastify.route({
        url,
        method: 'OPTIONS',
        config: { allow, acceptPatch: patchTypes.join(', '), params },
        handler: answerOptions,
      });
      fastify.route({ url, method: missing, config: { allow }, exposeHeadRoute: false, handler: unreachable });
    }
  }
}

// RFC 9110 §9.3.7, RFC 5789 §3.1; 204 without content.
function answerOptions(request: FastifyRequest, reply: FastifyReply): void {
  const { allow, acceptPatch } = request.routeOptions.config;
  if (acceptPatch) reply.header('accept-patch', acceptPatch);
  void reply.code(204).header('allow', allow).send();
}

function unreachable(): never {
  throw new Error('The method check lets no request through to here');
}
