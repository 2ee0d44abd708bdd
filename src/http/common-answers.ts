import {
  malformedPrecondition,
  preconditionFailed,
  preconditionRequired,
} from './fields/conditions/condition.problems.js';
import { bodyTooLarge, malformedForm, malformedGzip } from './body/body.problems.js';
import { invalidBody, malformedJson } from './body/json/json.problems.js';
import {
  missingContentType,
  notAcceptable,
  unexpectedContent,
  unsupportedContentCoding,
  unsupportedMediaType,
  unsupportedPatchType,
  unsupportedQueryType,
} from './head/content/content.problems.js';
import { invalidPath, invalidQuery } from './head/head.problems.js';
import { starting } from './head/start-gate.problems.js';
import { shuttingDown } from './head/stop-gate.problems.js';
import { overloaded } from './load/overload.problems.js';
import { invalidRehearsal, rehearsalOff } from './rehearsal/rehearsal.problems.js';
import {
  expectationFailed,
  headerTooLarge,
  malformedRequest,
  misdirected,
  targetTooLong,
} from './wire/message.problems.js';

/** Answers of the checks of message, rehearsal and query, on every operation but a probe. */
export const everyOperation = {
  400: [malformedRequest, rehearsalOff, invalidRehearsal, invalidQuery],
  414: [targetTooLong],
  417: [expectationFailed],
  421: [misdirected],
  431: [headerTooLarge],
};

const { 421: _misdirected, ...everybody } = everyOperation;

/** The same for a probe, which answers for every host and ignores the query. */
export const everyProbe = {
  ...everybody,
  400: everybody[400].filter((problem) => problem !== invalidQuery),
};

/** Answer of the path check, if the path has a parameter. */
export const withPathParameter = { 400: [invalidPath] };

/** Answer of the check of Accept, if a success has a body. */
export const negotiated = { 406: [notAcceptable] };

/** Answer to a body that the operation does not take. */
export const withoutBody = { 400: [unexpectedContent] };

/** Answers of the checks of a body. */
export const withBody = {
  400: [malformedGzip, malformedJson, invalidBody],
  413: [bodyTooLarge],
  415: [unsupportedMediaType, unsupportedContentCoding],
};

/** The same for a patch. */
export const withPatch = { ...withBody, 415: [unsupportedPatchType, unsupportedContentCoding] };

/** The same for the content of a QUERY. */
export const withForm = {
  400: [missingContentType, malformedGzip, malformedForm],
  413: [bodyTooLarge],
  415: [unsupportedQueryType, unsupportedContentCoding],
};

/** Answer to a failed condition of a read. An operation that declares 412 evaluates conditions. */
export const conditionalRead = { 412: [preconditionFailed] };

/** The same for a change. */
export const conditional = { 400: [malformedPrecondition], ...conditionalRead };

/** The same if a condition may be required. */
export const guarded = { ...conditional, 428: [preconditionRequired] };

/** Answers of every operation but a probe while the service is starting, stopping or overloaded. */
export const whileBusy = { 503: [overloaded, starting, shuttingDown] };
