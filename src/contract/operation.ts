import type { Type } from '@nestjs/common';
import type { ProblemConstructor } from '../problems/problem.js';
import type { Refusal } from './refusal.js';

/** One operation of the API, declared once: from it come its route, checks, answers and documentation. */
export interface Operation extends Declaration {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:name` for parameters, e.g. `/items/:id`. */
  path: string;
  summary: string;
  /** Heading in the documentation; one of the tags of the API. */
  tag: string;
  /** What its caller must be allowed to do. */
  scope?: Scope;
  /** Which of its caller's limits it counts against. */
  rate?: Rate;
  /** Grammar of each path parameter. */
  params?: Record<string, PathParameter>;
  /** DTO of the query; without one the operation takes no query parameter. */
  query?: Type<object>;
  /** What the operation reads; without it the operation takes no content. */
  body?: Body;
  /**
   * A body of each media type that succeeds on the resource of the path's example, where the example that the DTO makes
   * would not.
   */
  examples?: Record<string, unknown>;
  /** What it refuses although the published schemas allow it. */
  refusals?: Refusal[];
  /** Whether it follows `Prefer: return=…` (RFC 7240 §4.2). */
  followsPrefer?: boolean;
  /** How large its answer may be, where that is more than a few KiB: memory is kept for it before it is made. */
  largestAnswerBytes?: number;
  /** Whether it tells the state of the service: it is served in each, and ignores the query, to which its callers add. */
  isProbe?: boolean;
  /** Cache-Control of its 2xx, 304, 404 and 412; every other answer is `no-store`. */
  cacheControl?: CacheControl;
}

/** A right that callers are given: what may be done, to what. */
export type Scope = 'items:read' | 'items:write';

/** Requests of one kind, which are limited together. */
export type Rate = 'read' | 'write';

/** A DTO as application/json, or by media type a DTO or a list. */
export type Body = Type<object> | Record<string, Type<object> | ListOf>;

/** A JSON array whose elements are each one of some DTOs. */
export interface ListOf {
  oneOf: Type<object>[];
  maxItems: number;
}

/** Every answer that may be given in one place: an operation, or outside all of them. */
export interface Declaration {
  /** For an operation, the operationId of the OpenAPI document. */
  id: string;
  answers: Answers;
}

/**
 * `private, no-cache`: stored by the caller only and revalidated (RFC 9111 §5.2.2.4). `no-transform`: no proxy compresses it,
 * and changes its entity-tag, which would then never match in If-Match (§5.2.2.6; RFC 9110 §8.8.3.3).
 */
export type CacheControl =
  'private, no-cache' | 'private, no-cache, no-transform' | 'no-store, no-transform' | 'public, max-age=300';

/** The Cache-Control of content at a name that changes with it: kept for a year and never asked for again (RFC 8246 §2). */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

export interface PathParameter {
  pattern: RegExp;
  /** Completes the sentence "{name} must be". */
  expected: string;
  example: string;
}

/** A success: its content (a DTO as JSON, one of some media types, or either) and the header fields it always carries. */
export interface Success {
  description: string;
  body?: Type<object>;
  mediaTypes?: string[];
  fields?: string[];
  /** The preference under which it has no content (RFC 7240 §4.2). */
  noContentUnder?: 'return=minimal';
  /** Header fields that it carries at times. */
  optionalFields?: string[];
  /** Its example, as far as it differs from those of the DTO's members and of the header fields. */
  example?: { content?: object; fields?: Record<string, string> };
}

/** Status code -> the success, or the problems that have this status. */
export type Answers = Record<number, Success | ProblemConstructor[]>;

/** Declares an operation. A handler is bound to it by the decorator `@Answers`. */
export function operation(declaration: Operation): Operation {
  for (const [status, answer] of Object.entries(declaration.answers)) {
    const stray = Array.isArray(answer) ? answer.find(({ type }) => type.status !== Number(status)) : undefined;
    if (stray)
      throw new Error(`${declaration.id} declares ${stray.type.code} under ${status}, not ${stray.type.status}`);
  }
  return declaration;
}

/** Whether a declaration is that of an operation, and not of what is answered outside of them. */
export function isOperation(declaration: Declaration): declaration is Operation {
  return 'method' in declaration;
}

/** A path as the documentation writes it: `/items/{id}`. */
export function documentedPath({ path }: Operation): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** One table of answers out of several; problems of the same status are joined. */
export function answers(...groups: Answers[]): Answers {
  const all: Answers = {};
  for (const [status, answer] of groups.flatMap((group) => Object.entries(group))) {
    const earlier = all[Number(status)];
    all[Number(status)] = Array.isArray(earlier) && Array.isArray(answer) ? [...earlier, ...answer] : answer;
  }
  return all;
}

/** The media types of the content that an operation succeeds with; the first is what it gives if any will do. */
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

/** The media types that an operation reads, with what each holds. */
export function bodiesOf({ body = {} }: Operation): [mediaType: string, content: Type<object> | ListOf][] {
  return typeof body === 'function' ? [['application/json', body]] : Object.entries(body);
}

/** The DTOs of the bodies that an operation reads. */
export function bodyDtosOf(declaration: Operation): Type<object>[] {
  return bodiesOf(declaration).flatMap(([, content]) => ('oneOf' in content ? content.oneOf : [content]));
}
