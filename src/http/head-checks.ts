import type { FastifyRequest } from 'fastify';
import { checkContentAbsence, checkContentLength, checkContentType, checkContentWholeness } from './content.js';
import { checkExpectation } from './expectation.js';
import { checkMessage } from './message.js';
import { checkMethod, checkRoute } from './methods.js';
import { checkPathParameters } from './path-parameters.js';
import { checkPreconditions } from './preconditions.js';
import { checkQuery } from './query.js';

type Check = (request: FastifyRequest) => void;

/**
 * What is decided before the body is read, in this order; the first check that throws answers. The body, its DTO and
 * the state of the item are judged afterwards by the JSON parser, the ValidationPipe and the write.
 */
export const HEAD_CHECKS: [name: string, check: Check][] = [
  ['message', checkMessage],
  ['route', checkRoute],
  ['method', checkMethod],
  ['path parameters', checkPathParameters],
  ['query', checkQuery],
  ['preconditions', checkPreconditions],
  ['content where none belongs', checkContentAbsence],
  ['content range', checkContentWholeness],
  ['expectation', checkExpectation],
  ['content length', checkContentLength],
  ['content type', checkContentType],
];

/** Runs all checks; throws the problem of the first that fails. */
export function checkHead(request: FastifyRequest): void {
  for (const [, check] of HEAD_CHECKS) check(request);
}
