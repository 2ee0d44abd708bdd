import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext, type HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { alteredTag, matchStrongly, matchWeakly, parseTagList, type TagList } from './entity-tag.js';
import { parseHttpDate } from './http-date.js';
import { malformedPrecondition, preconditionFailed } from './condition.problems.js';
import type { InputFault } from '../../../problems/problem.js';
import { isRead } from '../../../contract/operation.js';

/** The conditions of a request (RFC 9110 §13.1). Dates are milliseconds since 1970, in whole seconds. */
export interface Conditions {
  ifMatch?: TagList;
  ifNoneMatch?: TagList;
  ifModifiedSince?: number;
  ifUnmodifiedSince?: number;
}

/** What conditions are judged against: the current representation. */
export interface Validators {
  entityTag?: string;
  /** Milliseconds since 1970, in whole seconds. */
  lastModified?: number;
}

/** A field whose condition can fail. */
type ConditionField = 'If-Match' | 'If-None-Match' | 'If-Unmodified-Since';

/** The conditions hold, or the client already has the current representation, or the named field refuses the request. */
type Verdict = 'hold' | 'not modified' | ConditionField;

declare module 'fastify' {
  interface FastifyRequest {
    /** Set if the operation evaluates conditions and the request has some. */
    conditions?: Conditions;
  }
}

export const NO_CONDITIONS: Conditions = {};

/**
 * RFC 9110 §13.2.2, step by step. `current` is undefined if the target has no representation. A read is GET, HEAD or QUERY
 * (RFC 10008 §2.6). Pure.
 */
export function judge(conditions: Conditions, ofRead: boolean, current: Validators | undefined): Verdict {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const { entityTag = '', lastModified } = current ?? {};
  if (ifMatch !== undefined) {
    if (!current || !matchStrongly(ifMatch, entityTag)) return 'If-Match';
  } else if (ifUnmodifiedSince !== undefined && lastModified !== undefined && lastModified > ifUnmodifiedSince) {
    return 'If-Unmodified-Since';
  }
  if (ifNoneMatch !== undefined) {
    if (current && matchWeakly(ifNoneMatch, entityTag)) return ofRead ? 'not modified' : 'If-None-Match';
  } else if (ofRead && ifModifiedSince !== undefined && lastModified !== undefined && lastModified <= ifModifiedSince) {
    return 'not modified';
  }
  return 'hold';
}

/**
 * The check of the head: reads the conditions if the operation evaluates them. Problem: malformedPrecondition (400) for a
 * malformed list of entity-tags. A read ignores it, since that does no harm. A malformed date is ignored. So is a date
 * beside the field of tags that takes precedence, whatever that holds (RFC 9110 §13.1.3, §13.1.4).
 */
export function checkPreconditions(request: FastifyRequest): void {
  const { operation } = request.route;
  if (operation?.answers[412] === undefined) return;
  const { headers } = request.raw;
  if (!CONDITION_FIELD_NAMES.some((name) => headers[name] !== undefined)) return;
  const { headersDistinct } = request.raw;
  // Node keeps the first of several dates, but a list of dates is not an HTTP-date.
  const dateOf = (name: string, fieldOfTags: string | undefined) =>
    fieldOfTags === undefined && headersDistinct[name]?.length === 1
      ? parseHttpDate(headersDistinct[name][0] ?? '')
      : undefined;
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  const { faults, ...conditions } = tagConditions(ifMatch, ifNoneMatch);
  request.conditions = {
    ...conditions,
    ifModifiedSince: dateOf('if-modified-since', ifNoneMatch),
    ifUnmodifiedSince: dateOf('if-unmodified-since', ifMatch),
  };
  if (faults.length > 0 && !isRead(operation)) throw malformedPrecondition(faults);
}

/** The conditions of entity-tags in the fields If-Match and If-None-Match, and what is wrong with these. */
export function tagConditions(
  ifMatch: string | undefined,
  ifNoneMatch: string | undefined,
): Pick<Conditions, 'ifMatch' | 'ifNoneMatch'> & { faults: InputFault[] } {
  const faults: InputFault[] = [];
  const tagsOf = (name: 'If-Match' | 'If-None-Match', field: string | undefined): TagList | undefined => {
    const tags = field === undefined ? undefined : parseTagList(field);
    if (field !== undefined && tags === undefined) faults.push(notTags(name));
    return tags;
  };
  return { ifMatch: tagsOf('If-Match', ifMatch), ifNoneMatch: tagsOf('If-None-Match', ifNoneMatch), faults };
}

const CONDITION_FIELD_NAMES: (keyof IncomingHttpHeaders)[] = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];

function notTags(header: string): InputFault {
  return {
    header,
    rule: 'entity-tags',
    detail: `${header} must be * alone, or entity-tags in quotes, as in ETag.`,
  };
}

/** Handler parameter: the conditions of the request. */
export const SentConditions = createParamDecorator(
  (_: unknown, context: ExecutionContext): Conditions =>
    context.switchToHttp().getRequest<FastifyRequest>().conditions ?? NO_CONDITIONS,
);

/** The problem of a verdict that refuses the request: preconditionFailed (412) with `version`; undefined for other verdicts. */
export function refusalOf(
  verdict: Verdict,
  { ifMatch = [] }: Conditions,
  current = '',
  version?: number,
): HttpException | undefined {
  if (verdict === 'hold' || verdict === 'not modified') return undefined;
  const sent = verdict === 'If-Match' ? alteredTag(ifMatch, current) : undefined;
  return preconditionFailed(verdict, version, sent === undefined ? undefined : { sent, current });
}

/**
 * Judges the conditions of a GET, HEAD or QUERY and sets the validators on its answer. False: the answer is 304, without a body.
 * Problem: preconditionFailed (412) with `version`.
 */
export function isWanted(
  reply: FastifyReply,
  conditions: Conditions,
  { entityTag, lastModified }: Validators,
  version?: number,
): boolean {
  const verdict = judge(conditions, true, { entityTag, lastModified });
  const refusal = refusalOf(verdict, conditions, entityTag, version);
  if (refusal) throw refusal;
  if (entityTag !== undefined) reply.header('etag', entityTag);
  if (verdict === 'not modified') {
    reply.status(304);
    return false;
  }
  if (lastModified !== undefined) {
    // RFC 9110 §8.8.2.1: not later than Date, even if a machine with another clock wrote the time. Node's own Date may be
    // of a second before.
    const now = Date.now();
    reply.header('date', new Date(now).toUTCString());
    reply.header('last-modified', new Date(Math.min(lastModified, now)).toUTCString());
  }
  return true;
}
