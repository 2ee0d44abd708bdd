import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LOGGER } from '../telemetry/logger.js';
import { traceOf } from '../telemetry/trace-context.js';
import { AnswerCounts } from './answer-counts.js';
import { CONTRACT, type Contract } from './contract.js';
import { isOperation, type Answers, type Declaration } from './operation.js';

/** What the watch knows of an answer. */
export interface LeavingAnswer {
  status: number;
  /** Code of the problem, if it is one. */
  code: string | undefined;
  /** Whether it carries a header field, by its declared name. */
  has: (field: string) => boolean;
}

/** Header fields that every answer carries. */
const FIELDS_EVERYWHERE = ['X-Request-Id', 'Cache-Control'];

/** Header fields that every answer of an operation carries. */
export const FIELDS_OF_OPERATIONS = [...FIELDS_EVERYWHERE, 'Vary'];

/** How an answer departs from its declaration; undefined if it keeps it. */
export function breachOf(declaration: Declaration, { status, code, has }: LeavingAnswer): string | undefined {
  const required = requiredFields(declaration.answers, status, code);
  const always = isOperation(declaration) ? FIELDS_OF_OPERATIONS : FIELDS_EVERYWHERE;
  if (required && always.every(has) && required.every(has)) return undefined;
  const what = `${declaration.id} answered ${status}${code ? ` ${code}` : ''}`;
  if (!required) return `${what}, which it does not declare`;
  const missing = [...always, ...required].filter((name) => !has(name));
  return `${what} without ${missing.join(', ')}, which it declares`;
}

const NONE: string[] = [];

/** The header fields that the declaration requires of this answer; undefined if it is not declared. */
function requiredFields(answers: Answers, status: number, code: string | undefined): string[] | undefined {
  const answer = answers[status];
  if (!Array.isArray(answer)) return code === undefined ? answer && (answer.fields ?? NONE) : undefined;
  return answer.find(({ type }) => type.code === code)?.requiredFields;
}

/**
 * The watch on the last hop: counts every answer that begins to leave, and compares it with its declaration. A breach still leaves, since the
 * change behind it may be committed. It is logged as an error and counted.
 */
@Injectable()
export class Watch {
  /** How many answers broke their declaration so far. */
  breaches = 0;

  constructor(
    @Inject(CONTRACT) private readonly contract: Contract,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly counts: AnswerCounts,
  ) {}

  /** Must be called after all other onSend hooks are set. */
  observe(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      const has = (field: string) => reply.hasHeader(field);
      const answer = { status: reply.statusCode, code: request.problemCode, has };
      const declaration = request.route.operation ?? this.contract.outside;
      if (!request.raw.socket.destroyed) this.count(declaration, request, reply);
      const breach = breachOf(declaration, answer);
      if (breach !== undefined) this.report(breach, { requestId: request.id, ...traceOf(request) });
      done();
    });
  }

  /** The same for an answer that no hook of Fastify sees. */
  judgeOutside(answer: LeavingAnswer, requestId: string): void {
    const { outside } = this.contract;
    this.counts.count(outside, answer.status, answer.code);
    const breach = breachOf(outside, answer);
    if (breach !== undefined) this.report(breach, { requestId });
  }

  private count(declaration: Declaration, { isRehearsal, problemCode }: FastifyRequest, reply: FastifyReply): void {
    if (isRehearsal) this.counts.rehearsed += 1;
    else this.counts.count(declaration, reply.statusCode, problemCode, reply.elapsedTime);
  }

  private report(breach: string, whose: { requestId: string }): void {
    this.breaches += 1;
    this.logger.error({ ...whose, breach, breaches: this.breaches }, 'An answer broke its declaration');
  }
}
