import { malformedPrecondition, preconditionFailed, preconditionRequired } from './fields/condition.problems.js';
import { bodyTooLarge, malformedGzip } from './body/body.problems.js';
import { invalidBody, malformedJson } from './body/json/json.problems.js';
import {
  notAcceptable,
  unexpectedContent,
  unsupportedContentCoding,
  unsupportedMediaType,
  unsupportedPatchType,
} from './head/content.problems.js';
import { invalidPath, invalidQuery } from './head/head.problems.js';
import { starting } from './head/start-gate.problems.js';
import { overloaded } from './load/overload.problems.js';
import { invalidRehearsal, rehearsalOff } from './rehearsal/rehearsal.problems.js';
import { expectationFailed, headerTooLarge, malformedRequest, targetTooLong } from './wire/message.problems.js';

/** What the checks of the message, the rehearsal and the query answer on every operation but a probe. */
export const everyOperation = {
  400: [malformedRequest, rehearsalOff, invalidRehearsal, invalidQuery],
  414: [targetTooLong],
  417: [expectationFailed],
  431: [headerTooLarge],
};

/** The same of a probe, which ignores the query. */
export const everyProbe = {
  ...everyOperation,
  400: everyOperation[400].filter((problem) => problem !== invalidQuery),
};

/** What the path check answers where the path has a parameter. */
export const withPathParameter = { 400: [invalidPath] };

/** What the check of Accept answers where a success has content. */
export const negotiated = { 406: [notAcceptable] };

/** What is answered to content where none belongs. */
export const withoutBody = { 400: [unexpectedContent] };

/** What the checks of a body answer. */
export const withBody = {
  400: [malformedGzip, malformedJson, invalidBody],
  413: [bodyTooLarge],
  415: [unsupportedMediaType, unsupportedContentCoding],
};

/** The same where the body is a patch. */
export const withPatch = { ...withBody, 415: [unsupportedPatchType, unsupportedContentCoding] };

/** What is answered to conditions of a read, which evaluates them: this says so. */
export const conditionalRead = { 412: [preconditionFailed] };

/** The same of a change. */
export const conditional = { 400: [malformedPrecondition], ...conditionalRead };

/** The same where a condition may be required. */
export const guarded = { ...conditional, 428: [preconditionRequired] };

/** What every operation but a probe answers because of the state that the service is in. */
export const whileBusy = { 503: [overloaded, starting] };
