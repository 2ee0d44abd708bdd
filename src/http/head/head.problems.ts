import { BadRequestException, MethodNotAllowedException, NotFoundException } from '@nestjs/common';
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
      'Compare the path with the index at / or with the API documentation. Paths are case-sensitive, and a trailing slash ' +
      'makes another path.',
    retry: 'Only if a later release of the service adds the path.',
  },
  (path: string, meant?: string) => ({
    detail: `There is no resource at ${path}.${meant === undefined ? '' : ` Did you mean ${meant}?`} GET / lists the resources.`,
  }),
  ['/items/', '/items'],
);

/** The resource does not offer this method; Allow lists those it offers. RFC 9110 §15.5.6. */
export const methodNotAllowed = problem(
  MethodNotAllowedException,
  {
    code: 'method-not-allowed',
    title: 'Method not allowed',
    retryable: false,
    meaning: 'The resource exists, but does not support this method.',
    remedy: 'Use one of the methods that Allow lists.',
    retry: 'No: the methods of a resource do not change while the service runs.',
  },
  (method: string, allow: string) => ({
    detail: `This resource does not support ${method}. It supports ${allow}.`,
    fields: { allow },
  }),
  ['PATCH', 'GET, HEAD, OPTIONS, POST, QUERY'],
);

/** A path parameter breaks its grammar. */
export const invalidPath = problem(
  BadRequestException,
  {
    code: 'invalid-path',
    title: 'Invalid path parameter',
    retryable: false,
    meaning: 'A parameter in the path, such as an id, is invalid.',
    remedy: 'Correct each parameter that errors names. Percent-encode characters that are not allowed in a path.',
  },
  (errors: InputFault[]) => ({ detail: 'A parameter in the path is invalid; see errors.', errors }),
  [[{ parameter: 'id', rule: 'pattern', detail: 'id must be 1 to 128 of A-Z a-z 0-9 . _ ~ : - …' }]],
);

/** A query parameter is unknown, repeated or out of range. */
export const invalidQuery = problem(
  BadRequestException,
  {
    code: 'invalid-query',
    title: 'Invalid query',
    retryable: false,
    meaning: 'A query parameter is unknown, given more than once, or out of range.',
    remedy:
      'Correct each parameter that errors names. Leave out parameters that the operation does not list: the service refuses ' +
      'them instead of ignoring them.',
  },
  (errors: InputFault[], known: string[]) => ({
    detail: `The query is invalid; see errors. This operation takes ${parametersIn(known)}.`,
    errors,
  }),
  [
    [{ parameter: 'limit', rule: 'integer', detail: 'limit must be a whole number from 1 to 200, in digits.' }],
    ['limit', 'cursor'],
  ],
);

function parametersIn(known: string[]): string {
  return known.length === 0 ? 'no query parameters' : `only the query parameters ${known.join(', ')}`;
}
