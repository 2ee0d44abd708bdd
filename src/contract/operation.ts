import type { Type } from '@nestjs/common';
import type { ProblemConstructor } from '../problems/problem.js';
import type { Restriction } from './restriction.js';

/** The declaration of one operation. Its route, checks, answers and documentation come from it. */
export interface Operation extends Declaration {
  method: 'GET' | 'QUERY' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:name` for parameters, e.g. `/items/:id`. */
  path: string;
  summary: string;
  /** Heading in the documentation; one of the tags of the API. */
  tag: string;
  /** The right that its caller needs. Without one it is open to all, and credentials are not looked at. */
  scope?: Scope;
  /** The limit that its requests count against. Then its answers may carry {@link RATE_FIELDS}. */
  rate?: Rate;
  /** Grammar of each path parameter. */
  params?: Record<string, PathParameter>;
  /**
   * DTO of the query; without one the operation takes no query parameter. With the method QUERY it is not in the target but in the
   * content, so `body` has it too.
   */
  query?: Type<object>;
  /** Makes of the query, which fits the DTO, and of the path what the handler gets; without a query it must not look at the path. May throw problems that the operation declares. */
  readQuery?: (query: object, parameters: Record<string, string | undefined>) => object;
  /** The body that it reads; without it the operation takes none. */
  body?: Body;
  /** The largest body that it takes; {@link BODY_LIMITS} if this is left out. */
  bodyLimits?: BodyLimits;
  /**
   * An example body for each media type whose DTO does not make one that succeeds. It must succeed on the resource of the
   * path's example.
   */
  examples?: Record<string, unknown>;
  /** Whether its target has no representation: then If-Match is always false (RFC 9110 §13.1.1), and no condition is worth describing. */
  hasNoRepresentation?: boolean;
  /** What it refuses although the published schemas allow it. */
  restrictions?: Restriction[];
  /** Whether it follows `Prefer: return=…` (RFC 7240 §4.2). */
  followsPrefer?: boolean;
  /** The size of its largest answer, if that is more than a few KiB. Room for it is taken before it is made. */
  largestAnswerBytes?: number;
  /** Whether it reports the state of the service. It is served in every state, and ignores the query: probes add to it. */
  isProbe?: boolean;
  /** Whether it shows how the service does under load. It is let in when others are not, up to 16 at a time, as long as there is room for answers. */
  showsLoad?: true;
  /** Cache-Control of its 2xx, 304, 404 and 412; every other answer is `no-store`. */
  cacheControl?: CacheControl;
}

/** The rights that callers can have. */
export const SCOPES = ['items:read', 'items:write', 'items:erase', 'changes:read', 'metrics:read'] as const;

/** A right that callers can have. */
export type Scope = (typeof SCOPES)[number];

/** A group of requests with one limit. */
export type Rate = 'read' | 'write';

/** Header fields of any answer of an operation with a rate, if there is a limit. */
export const RATE_FIELDS = ['RateLimit-Policy', 'RateLimit'];

/** How large a body may be. */
export interface BodyLimits {
  bytes: number;
  /** Values and member names of a JSON document. All that walks over them blocks other requests, up to 1 µs for each. */
  values: number;
}

/** The largest body of most operations: it has more than twice the values that fit into the largest resource. */
export const BODY_LIMITS: BodyLimits = { bytes: 1_048_576, values: 20_000 };

/** The largest body that an operation takes. */
export function bodyLimitsOf({ bodyLimits = BODY_LIMITS }: Partial<Operation> = {}): BodyLimits {
  return bodyLimits;
}

/** A DTO as application/json, or a DTO or list for each media type. */
export type Body = Type<object> | Record<string, Type<object> | ListOf>;

/** A JSON array whose elements are one of several DTOs. */
interface ListOf {
  oneOf: Type<object>[];
  maxItems: number;
}

/** All answers of an operation, or all answers outside operations. */
export interface Declaration {
  /** For an operation, the operationId of the OpenAPI document. */
  id: string;
  answers: Answers;
}

/**
 * `private, no-cache`: only the caller stores it, and revalidates it (RFC 9111 §5.2.2.4). `no-transform`: no proxy compresses
 * it and so changes its entity-tag, which would then never match in If-Match (§5.2.2.6; RFC 9110 §8.8.3.3).
 */
type CacheControl =
  'private, no-cache' | 'private, no-cache, no-transform' | 'no-store, no-transform' | 'public, max-age=300';

/** For files whose name changes with their content: caches keep them for a year and never revalidate them (RFC 8246 §2). */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

interface PathParameter {
  pattern: RegExp;
  /** Completes the sentence "{name} must be". */
  expected: string;
  example: string;
}

/** A success: its body (a DTO as JSON, one of some media types, or either) and its header fields. */
export interface Success {
  description: string;
  body?: Type<object>;
  /** The body that takes its place if the request has a query parameter of this name. */
  partial?: { body: Type<object>; parameter: string };
  mediaTypes?: string[];
  /** Header fields that it always carries. */
  fields?: string[];
  /** The preference under which it has no body (RFC 7240 §4.2). */
  noContentUnder?: 'return=minimal';
  /** Header fields that it sometimes carries. */
  optionalFields?: string[];
  /** Its example, where it differs from those of the DTO's members and of the header fields. */
  example?: { content?: object; fields?: Record<string, string> };
}

/** Status code -> the success, or the problems of this status. */
export type Answers = Record<number, Success | ProblemConstructor[]>;

/** Declares an operation. The decorator `@Answers` binds a handler to it. */
export function operation(declaration: Operation): Operation {
  for (const [status, answer] of Object.entries(declaration.answers)) {
    const stray = Array.isArray(answer) ? answer.find(({ type }) => type.status !== Number(status)) : undefined;
    if (stray)
      throw new Error(`${declaration.id} declares ${stray.type.code} under ${status}, not ${stray.type.status}`);
  }
  return declaration;
}

/** Whether a declaration is that of an operation, and not of the answers outside operations. */
export function isOperation(declaration: Declaration): declaration is Operation {
  return 'method' in declaration;
}

/** Whether an operation only reads, as GET does (RFC 9110 §9.3.1) and QUERY (RFC 10008 §2). */
export function isRead({ method }: Operation): boolean {
  return method === 'GET' || method === 'QUERY';
}

/**
 * Where the OpenAPI document has an operation, in its path item. OpenAPI 3.1 can't name QUERY, so that is an extension, in the
 * form of an operation.
 */
export function documentedMethod({ method }: Operation): string {
  return method === 'QUERY' ? 'x-query' : method.toLowerCase();
}

/** A path as the documentation writes it: `/items/{id}`. */
export function documentedPath({ path }: Operation): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** Joins several tables of answers. Problems of the same status are put together. */
export function answers(...groups: Answers[]): Answers {
  const all: Answers = {};
  for (const [status, answer] of groups.flatMap((group) => Object.entries(group))) {
    const earlier = all[Number(status)];
    all[Number(status)] =
      Array.isArray(earlier) && Array.isArray(answer) ? [...new Set([...earlier, ...answer])] : answer;
  }
  return all;
}

/** The media types of an operation's successes. The first is given if the client has no preference. */
export function mediaTypesOf(declaration: Declaration): string[] {
  const types = successesOf(declaration).flatMap(([, { body, mediaTypes = [] }]) =>
    body ? ['application/json', ...mediaTypes] : mediaTypes,
  );
  return [...new Set(types)];
}

/** The problems of a declaration, by status and then as declared. */
export function problemsOf({ answers: all }: Declaration): ProblemConstructor[] {
  return Object.values(all).flatMap((answer) => (Array.isArray(answer) ? answer : []));
}

/** The successes of a declaration, by status. */
export function successesOf({ answers: all }: Declaration): [status: number, success: Success][] {
  return Object.entries(all).flatMap(([status, answer]) => (Array.isArray(answer) ? [] : [[Number(status), answer]]));
}

/** The media types that an operation reads, each with its DTO or list. */
export function bodiesOf({ body = {} }: Operation): [mediaType: string, content: Type<object> | ListOf][] {
  return typeof body === 'function' ? [['application/json', body]] : Object.entries(body);
}

/** The DTOs of the bodies that an operation reads. */
export function bodyDtosOf(declaration: Operation): Type<object>[] {
  return bodiesOf(declaration).flatMap(([, content]) => ('oneOf' in content ? content.oneOf : [content]));
}
