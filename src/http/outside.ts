import { unexpectedContent } from './head/content.problems.js';
import { invalidPath, methodNotAllowed, routeNotFound, starting } from './head/head.problems.js';
import {
  expectationFailed,
  headerTooLarge,
  malformedRequest,
  methodNotImplemented,
  requestTimeout,
  targetTooLong,
  versionNotSupported,
} from './wire/message.problems.js';
import { overloaded } from './load/overload.problems.js';
import type { ProblemConstructor } from '../problems/problem.js';
import { answers, type Declaration } from '../contract/operation.js';

/**
 * What the server answers where no operation is: to OPTIONS, to a method or path that is not offered, and to bytes that
 * the parser refuses.
 */
export const outside: Declaration = {
  id: 'outside',
  answers: answers({
    204: { description: 'The methods of the resource, in answer to OPTIONS', headers: ['Allow'] },
    400: [malformedRequest, invalidPath, unexpectedContent],
    404: [routeNotFound],
    405: [methodNotAllowed],
    408: [requestTimeout],
    414: [targetTooLong],
    417: [expectationFailed],
    431: [headerTooLarge],
    501: [methodNotImplemented],
    503: [starting, overloaded],
    505: [versionNotSupported],
  }),
};

/** What the parser may answer to a request for any operation, besides what operations declare. */
export const BEFORE_OPERATIONS: ProblemConstructor[] = [requestTimeout, versionNotSupported];

/** Problems that may be answered before it is known which resource is asked, and so without Vary. */
export const BEFORE_ROUTE: ProblemConstructor[] = [malformedRequest, targetTooLong, headerTooLarge];
