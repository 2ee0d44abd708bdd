import { Inject, Injectable, type HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import type { Operation } from '../../contract/operation.js';
import type { HeadCheck } from '../head/head-judge.js';
import type { Problem, ProblemConstructor } from '../../problems/problem.js';
import { rehearsalOff } from './rehearsal.problems.js';
import { answerAskedFor } from './rehearse-field.js';

const PROXY_FIELD = /^(?:forwarded|via|x-forwarded(?:-.+)?|x-real-ip)$/;

/** Thrown by the check like a problem, since it also ends the request. */
export class RehearsedSuccess extends Error {
  constructor(
    readonly operation: Operation,
    readonly status: number,
  ) {
    super(`${operation.id} rehearses ${status}`);
  }
}

/** Marks a rehearsal, and keeps caches from storing it (RFC 9111 §5.2.2.5). */
export const REHEARSAL_FIELDS = { rehearsed: 'true', 'cache-control': 'no-store' };

declare module 'fastify' {
  interface FastifyRequest {
    /** Set if the answer is a rehearsal. */
    isRehearsal?: true;
  }
}

/** Answers with the declared answer that the field Rehearse names. */
@Injectable()
export class Rehearsal implements HeadCheck {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'rehearsal'>) {}

  /**
   * Throws RehearsedSuccess or the named problem. OPTIONS ignores the field, since it changes nothing. Problems:
   * rehearsalOff, invalidRehearsal (400).
   */
  check(request: FastifyRequest): void {
    const field = request.headers.rehearse;
    if (field === undefined) return;
    const { operation } = request.route;
    if (!operation) return;
    if (!this.config.rehearsal || cameByProxy(request)) throw rehearsalOff();
    const answer = answerAskedFor(String(field), operation);
    request.isRehearsal = true;
    throw typeof answer === 'number' ? new RehearsedSuccess(operation, answer) : rehearsed(answer);
  }
}

function rehearsed({ example }: ProblemConstructor): HttpException {
  const exception = example();
  const { details } = exception.getResponse() as Problem;
  details.fields = { ...details.fields, ...REHEARSAL_FIELDS };
  return exception;
}

// RFC 7239 §4, RFC 9110 §7.6.3, and the fields that proxies added before these. Callers behind a proxy get no rehearsals,
// whatever address the service listens on.
function cameByProxy({ headers }: FastifyRequest): boolean {
  return Object.keys(headers).some((name) => PROXY_FIELD.test(name));
}
