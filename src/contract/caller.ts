import type { FastifyRequest } from 'fastify';
import type { Scope } from './operation.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request, if it had a credential and its operation asks for one. */
    caller?: Caller;
  }
}

/** Somebody whose credential was accepted. */
export interface Caller {
  /** `key:<id of the key>` or `jwt:<issuer>|<subject>`; up to 260 characters. */
  readonly id: string;
  /** The rights that the credential gives. */
  readonly scopes: ReadonlySet<Scope>;
  /** When the credential expires, in milliseconds since 1970; absent if never. */
  readonly expiresAt?: number;
  /** Until when all this is known without asking again, by the monotonic clock; absent if until the credential expires. */
  readonly knownUntil?: number;
}

/** The name of everybody who shows no credential. */
export const ANONYMOUS = 'anonymous';

/** The name of the service itself, for changes that nobody asked for. No caller has it. */
export const SERVICE = 'service';

/** The longest name of a caller, in characters. */
export const MAX_CALLER_LENGTH = 260;

/** The name under which the sender of a request stands in versions, the log, rate limits and records of keys. */
export function callerOf({ caller }: FastifyRequest): string {
  return caller?.id ?? ANONYMOUS;
}
