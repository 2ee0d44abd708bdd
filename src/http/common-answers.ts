import { malformedPrecondition, preconditionFailed, preconditionRequired } from './fields/condition.problems.js';
import {
  bodyTooLarge,
  invalidBody,
  malformedGzip,
  malformedJson,
  notAcceptable,
  unexpectedContent,
  unsupportedContentCoding,
  unsupportedMediaType,
} from './head/content.problems.js';
import { invalidPath, invalidQuery, unexpected, unsupportedPatchType } from './head/head.problems.js';
import { expectationFailed, headerTooLarge, malformedRequest, targetTooLong } from './wire/message.problems.js';
import { invalidRehearsal, rehearsalOff } from '../rehearsal/rehearsal.problems.js';
import { overloaded } from './load/overload.problems.js';
import { outcomeUnknown, storageFull, storageUnavailable } from '../storage/storage.problems.js';

/** What the checks of the message, the rehearsal and the query answer on every operation. */
export const head = {
  400: [malformedRequest, rehearsalOff, invalidRehearsal, invalidQuery],
  414: [targetTooLong],
  417: [expectationFailed],
  431: [headerTooLarge],
};

/** The same where a query is ignored. */
export const headWithoutQuery = { ...head, 400: head[400].filter((problem) => problem !== invalidQuery) };

/** What the path check answers where the path has a parameter. */
export const withPathParameter = { 400: [invalidPath] };

/** What the check of Accept answers where a success has content. */
export const withContent = { 406: [notAcceptable] };

/** What is answered to content where none belongs. */
export const withoutBody = { 400: [unexpectedContent] };

/** What the checks of content answer. */
export const withBody = {
  400: [malformedGzip, malformedJson, invalidBody],
  413: [bodyTooLarge],
  415: [unsupportedMediaType, unsupportedContentCoding],
};

/** The same where the content is a patch. */
export const withPatch = { ...withBody, 415: [unsupportedPatchType, unsupportedContentCoding] };

/** What is answered to conditions of a read, which evaluates them: this says so. */
export const conditionalRead = { 412: [preconditionFailed] };

/** The same of a change. */
export const conditional = { 400: [malformedPrecondition], ...conditionalRead };

/** The same where a condition may be required. */
export const guarded = { ...conditional, 428: [preconditionRequired] };

/** What every operation but those of health answers when there is no room for it. */
export const bounded = { 503: [overloaded] };

/** What every operation that touches the database may answer. */
export const reads = { 500: [unexpected], 503: [storageUnavailable, overloaded] };

/** What every operation that changes the database may answer. */
export const writes = { ...reads, 503: [storageUnavailable, outcomeUnknown, overloaded], 507: [storageFull] };
