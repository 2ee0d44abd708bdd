import {
  BadRequestException,
  InternalServerErrorException,
  MethodNotAllowedException,
  NotFoundException,
  ServiceUnavailableException,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { problem, type InputFault } from '../../problems/problem.js';

/** No route has this path. RFC 9110 §15.5.5. */
export const routeNotFound = problem(
  NotFoundException,
  {
    code: 'route-not-found',
    title: 'Route not found',
    retryable: false,
    meaning: 'The service has nothing at this path.',
    remedy:
      'Compare the path with the index at / or with the API documentation. A trailing slash, and upper case ' +
      'for lower, make another path.',
    retry: 'Not as it is, unless a later release of the service adds the path.',
  },
  (path: string, meant?: string) => ({
    detail: `The service has no resource at ${path}${meant === undefined ? '' : `, but at ${meant}`}. GET / lists what it has.`,
  }),
  ['/items/', '/items'],
);

/** The resource exists, but not with this method; Allow lists those it has. RFC 9110 §15.5.6. */
export const methodNotAllowed = problem(
  MethodNotAllowedException,
  {
    code: 'method-not-allowed',
    title: 'Method not allowed',
    retryable: false,
    meaning: 'The resource exists, but does not offer this method.',
    remedy: 'Use one of the methods in the field Allow.',
    retry: 'Not as it is: what a resource offers does not change while the service runs.',
  },
  (method: string, allow: string) => ({
    detail: `${method} is not offered here. This resource offers ${allow}.`,
    headers: { allow },
  }),
  ['PATCH', 'GET, HEAD, OPTIONS, POST'],
);

/** A path parameter breaks its grammar. */
export const invalidPath = problem(
  BadRequestException,
  {
    code: 'invalid-path',
    title: 'Invalid path parameter',
    retryable: false,
    meaning: 'A parameter in the path breaks its rules, such as the id of an item.',
    remedy: 'Look into errors, which names each parameter and its rule. Percent-encode what a path can’t hold.',
  },
  (errors: InputFault[]) => ({ detail: 'A parameter in the path breaks its rules; see errors.', errors }),
  [[{ parameter: 'id', rule: 'pattern', detail: 'id must be 1 to 128 of A-Z a-z 0-9 . _ ~ : - …' }]],
);

/** A query parameter is unknown, repeated or out of range. */
export const invalidQuery = problem(
  BadRequestException,
  {
    code: 'invalid-query',
    title: 'Invalid query',
    retryable: false,
    meaning: 'A query parameter is unknown, is given more than once, or has a value out of its range.',
    remedy:
      'Look into errors, which names every such parameter and its rule. Nothing is ignored or capped in silence, so leave ' +
      'out what the operation does not know.',
  },
  (errors: InputFault[], known: string[]) => ({
    detail: `The query breaks the rules of this operation, which has ${parametersIn(known)}; see errors.`,
    errors,
  }),
  [
    [{ parameter: 'limit', rule: 'integer', detail: 'limit must be a whole number from 1 to 200, in digits.' }],
    ['limit', 'cursor'],
  ],
);

/** The cursor is damaged, or was made by another listing. */
export const invalidCursor = problem(
  BadRequestException,
  {
    code: 'invalid-cursor',
    title: 'Invalid cursor',
    retryable: false,
    meaning: 'The cursor is damaged, or belongs to another listing.',
    remedy:
      'Send next of the page before, or the target of its Link, exactly as it came. If it is lost, start ' +
      'again without a cursor.',
    retry: 'Not with this cursor. A cursor as it was given never expires.',
  },
  () => ({
    detail: 'The cursor is damaged or belongs to another listing. Start again without one, or follow next as given.',
    errors: [{ parameter: 'cursor', rule: 'cursor', detail: 'cursor must be the value of next of an earlier page.' }],
  }),
  [],
);

/** A patch of a type that the resource does not take. RFC 5789 §2.2, §3.1. */
export const unsupportedPatchType = problem(
  UnsupportedMediaTypeException,
  {
    code: 'unsupported-patch-type',
    title: 'Unsupported patch type',
    retryable: false,
    meaning: 'The patch is of a type that the resource does not take, or in another charset than UTF-8.',
    remedy: 'Send one of the types in Accept-Patch, and say so in Content-Type.',
  },
  (given: string | undefined, acceptPatch: string) => ({
    detail: `${given ? `Content-Type ${given}` : 'Content without a Content-Type'} is no patch that is taken here. Send ${acceptPatch}, in UTF-8.`,
    headers: { 'accept-patch': acceptPatch },
  }),
  ['text/plain', 'application/merge-patch+json, application/json-patch+json, application/json'],
);

/** The service listens already, and can't serve yet. RFC 9110 §15.6.4, §10.2.3. */
export const starting = problem(
  ServiceUnavailableException,
  {
    code: 'starting',
    title: 'Service starting',
    retryable: true,
    meaning:
      'The service has just been started and is not ready: it opens its database, or brings its schema up to date.',
    remedy: 'Wait as long as Retry-After says, then send the request again. Wait longer each time if it goes on.',
    retry: 'Yes, after Retry-After; nothing was changed, so any method may be repeated.',
  },
  (retryAfterSeconds: number) => ({
    detail: `The service is starting and not ready yet. Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1],
);

/** Something the service did not foresee; its cause stands in the log under the request id. RFC 9110 §15.6.1. */
export const unexpected = problem(
  InternalServerErrorException,
  {
    code: 'unexpected',
    title: 'Unexpected error',
    retryable: false,
    meaning:
      'The service failed in a way that nobody foresaw: a defect of the service. A change may or may not ' +
      'have been made.',
    remedy:
      'Give requestId to the operators; the cause stands in their log under it. Before repeating a change, ' +
      'read what is there.',
    retry: 'It seldom helps. A read does no harm; a change only after looking.',
  },
  () => ({ detail: 'The service failed in a way that it did not foresee. Its operators find the cause by requestId.' }),
  [],
);

function parametersIn(known: string[]): string {
  return known.length === 0 ? 'no query parameters' : `the query parameters ${known.join(', ')} and no others`;
}
