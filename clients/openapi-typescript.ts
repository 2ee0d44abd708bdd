import createClient from 'openapi-fetch';
import type { operations, paths } from './generated/openapi-typescript.js';

/** The client that openapi-fetch makes from the types of openapi-typescript. */
export const clientOf = (baseUrl: string) => createClient<paths>({ baseUrl });

type Responses<Id extends keyof operations> = operations[Id]['responses'];
type ContentOf<Response> = Response extends { content: { 'application/problem+json': infer Problem } }
  ? Problem
  : never;

/** Every problem that an operation declares, told apart by `code`. */
export type ProblemOf<Id extends keyof operations> = ContentOf<Responses<Id>[keyof Responses<Id>]>;

/** What to do about a problem of createItem. Compiles only if the cases are exactly the declared codes. */
export function adviceOnCreate(problem: ProblemOf<'createItem'>): string {
  switch (problem.code) {
    case 'item-exists':
      return `read ${problem.itemUrl}, which has the id ${problem.itemId}`;
    case 'invalid-body':
    case 'invalid-query':
    case 'invalid-idempotency-key':
    case 'malformed-precondition':
      return `mend ${problem.errors?.map((fault) => fault.pointer ?? fault.parameter ?? fault.header).join(', ')}`;
    case 'malformed-json':
      return `mend the text at ${problem.position}`;
    case 'malformed-request':
    case 'misdirected-request':
    case 'malformed-gzip':
    case 'rehearsal-off':
    case 'invalid-rehearsal':
    case 'version-not-supported':
    case 'expectation-failed':
    case 'unsupported-media-type':
    case 'unsupported-content-coding':
      return 'mend the client';
    case 'not-acceptable':
      return `accept ${problem.mediaTypes.join(' or ')}`;
    case 'precondition-failed':
      return 'read the list again';
    case 'body-too-large':
    case 'target-too-long':
      return `keep within ${problem.limitBytes} bytes`;
    case 'header-too-large':
      return `keep within ${problem.limitBytes ?? problem.limitFields}`;
    case 'answer-erased':
    case 'idempotency-key-reused':
      return 'take a new key';
    case 'outcome-unknown':
      return 'read the item, then decide';
    case 'unauthenticated':
    case 'invalid-token':
      return 'get a credential';
    case 'insufficient-scope':
      return `get a credential with the scope ${problem.scope}`;
    case 'query-too-slow':
      return 'compare with an item, not with the list';
    case 'quota-exceeded':
    case 'token-keys-unavailable':
    case 'request-timeout':
    case 'idempotency-key-in-use':
    case 'overloaded':
    case 'storage-unavailable':
    case 'starting':
    case 'shutting-down':
    case 'storage-full':
    case 'storage-damaged':
    case 'unexpected':
      return problem.retryable ? 'try again' : 'tell the operators';
    default:
      return problem satisfies never;
  }
}

/** What to do about a problem of getItem, by status and code. */
export function adviceOnGet(problem: ProblemOf<'getItem'>): string {
  switch (problem.status) {
    case 400:
    case 414:
    case 417:
    case 421:
    case 431:
    case 505:
      return `mend the client: ${problem.code}`;
    case 401:
      return 'get a credential';
    case 403:
      return `get a credential with the scope ${problem.scope}`;
    case 404:
      if (problem.code === 'version-not-found') return `${problem.itemId} has no such version`;
      return problem.deletedAt ? `gone since ${problem.deletedAt}` : `there is no ${problem.itemId}`;
    case 410:
      return `what ${problem.itemId} was then is no longer kept`;
    case 406:
      return `accept ${problem.mediaTypes.join(' or ')}`;
    case 412:
      return `version ${problem.currentVersion} is current`;
    case 408:
    case 429:
    case 500:
    case 503:
      return problem.retryable ? 'try again' : 'tell the operators';
    default:
      return problem satisfies never;
  }
}
