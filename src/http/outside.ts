import type { Outside } from '../contract/contract.js';
import { answers } from '../contract/operation.js';
import { unexpectedContent } from './head/content/content.problems.js';
import { invalidPath, methodNotAllowed, routeNotFound } from './head/head.problems.js';
import { starting } from './head/start-gate.problems.js';
import { shuttingDown } from './head/stop-gate.problems.js';
import { overloaded } from './load/overload.problems.js';
import {
  expectationFailed,
  headerTooLarge,
  malformedRequest,
  methodNotImplemented,
  misdirected,
  requestTimeout,
  targetTooLong,
  versionNotSupported,
} from './wire/message.problems.js';

/**
 * Answers that no operation gives: to OPTIONS, to a method or path that is not offered, and to bytes that the parser
 * refuses.
 */
export const outside: Outside = {
  id: 'outside',
  answers: answers({
    204: { description: 'The methods of the resource, in answer to OPTIONS', fields: ['Allow'] },
    400: [malformedRequest, invalidPath, unexpectedContent],
    404: [routeNotFound],
    405: [methodNotAllowed],
    408: [requestTimeout],
    414: [targetTooLong],
    417: [expectationFailed],
    421: [misdirected],
    431: [headerTooLarge],
    501: [methodNotImplemented],
    503: [starting, shuttingDown, overloaded],
    505: [versionNotSupported],
  }),
  beforeOperations: [requestTimeout, versionNotSupported],
  beforeRoute: [malformedRequest, misdirected, targetTooLong, headerTooLarge],
};
