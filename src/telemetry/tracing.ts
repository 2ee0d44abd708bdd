import type { FastifyInstance } from 'fastify';

/** Injection token of the {@link Tracing}. */
export const TRACING = Symbol('Tracing');

/** Sends spans of requests, and of what the database does for them. */
export interface Tracing {
  /** Makes a span of each request. Must be called before other hooks are set. */
  watch(fastify: FastifyInstance): void;
  /** What makes a span of each group of a gatherer; undefined if there are no spans. */
  groups(name: string): GroupTraces | undefined;
  /** Sends the spans that are left. Never rejects, and takes no longer than this, in milliseconds. */
  stop(withinMs: number): Promise<void>;
}

/** Makes a span of each group, for the requests that it serves. */
export interface GroupTraces {
  /** The request that calls now; undefined if there is none, or if it is not traced. */
  origin(): object | undefined;
  /** Carries out a group for the requests that called. */
  follow<T>(origins: (object | undefined)[], carryOut: () => Promise<T>): Promise<T>;
}

/** While no endpoint is set. */
export const NO_TRACING: Tracing = {
  watch: () => undefined,
  groups: () => undefined,
  stop: () => Promise.resolve(),
};
