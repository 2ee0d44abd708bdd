import type { Type } from '@nestjs/common';
import type { ProblemConstructor } from '../problems/problem.js';

/** One operation of the API, declared once: from it come its route, checks, answers and documentation. */
export interface Operation {
  /** The operationId of the OpenAPI document. */
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path with `:name` for parameters, e.g. `/items/:id`. */
  path: string;
  summary: string;
  /** Grammar of each path parameter. */
  params?: Record<string, PathParameter>;
  /** DTO of the query; without one the operation takes no query parameter. */
  query?: Type<object>;
  /** DTO of the JSON content; without one the operation takes no content. */
  body?: Type<object>;
  /** Cache-Control of its 2xx, 304, 404 and 412; every other answer is `no-store`. */
  cacheControl?: CacheControl;
  /** Every answer that it may give. */
  answers: Answers;
}

/** `private, no-cache`: stored by the caller only and revalidated (RFC 9111 §5.2.2.4). */
export type CacheControl = 'private, no-cache' | 'public, max-age=300';

export interface PathParameter {
  pattern: RegExp;
  /** Completes the sentence "{name} must be". */
  expected: string;
  example: string;
}

/** A success: its content (a DTO, or a media type that is not JSON) and the header fields it always carries. */
export interface Success {
  description: string;
  body?: Type<object>;
  mediaType?: string;
  headers?: string[];
}

/** Status code -> the success, or the problems that have this status. */
export type Answers = Record<number, Success | ProblemConstructor[]>;

export function operation(declaration: Operation): Operation {
  return declaration;
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

/** Whether the operation declares this problem under this status. */
export function declares({ answers: all }: Operation, status: number, code: string): boolean {
  const answer = all[status];
  return Array.isArray(answer) && answer.some(({ type }) => type.code === code);
}

/** The status and success that a handler of the operation answers with unless it says otherwise. */
export function successesOf({ answers: all }: Operation): [status: number, success: Success][] {
  return Object.entries(all).flatMap(([status, answer]) => (Array.isArray(answer) ? [] : [[Number(status), answer]]));
}
