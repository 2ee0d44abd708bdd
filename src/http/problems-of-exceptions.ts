import { HttpException, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Problem } from '../problems/problem.js';
import { unexpected } from '../problems/unexpected.problems.js';
import { LOGGER } from '../telemetry/logger.js';
import type { TraceIds } from '../telemetry/trace-context.js';

/** What a translator may know of the change that failed. */
export type FailedChange = Pick<FastifyRequest, 'idempotencyKey' | 'conditions'>;

/** Turns an exception of another area into an HttpException. Undefined: it is not foreseen, and becomes a 500. */
type Translator = (exception: unknown, change: FailedChange) => HttpException | undefined;

/** Injection token of all translators. */
export const TRANSLATORS = Symbol('Translators');

/** Tells which problem is answered for an exception. */
@Injectable()
export class ProblemsOfExceptions {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(TRANSLATORS) private readonly translators: Translator[],
  ) {}

  /** An exception whose response is a {@link Problem}; unexpected (500) if nothing else is known. A failure is logged here, unless it is told. */
  of(exception: unknown, change: FailedChange, requestId: string, trace?: TraceIds, isTold = false): HttpException {
    const known = this.knownProblem(exception, change) ?? unexpected();
    if (known.getStatus() >= 500 && known !== exception && !isTold)
      this.logFailure(exception, known, { requestId, ...trace });
    return known;
  }

  private knownProblem(exception: unknown, change: FailedChange): HttpException | undefined {
    const candidates = [exception, ...this.translators.map((translate) => translate(exception, change))];
    return candidates.find(
      (one): one is HttpException => one instanceof HttpException && one.getResponse() instanceof Problem,
    );
  }

  private logFailure(exception: unknown, known: HttpException, whose: { requestId: string }): void {
    const cause = exception instanceof HttpException ? (exception.cause ?? exception) : exception;
    if (isToldToAll(cause)) return;
    const { code } = (known.getResponse() as Problem).type;
    this.logger.error({ ...whose, code, err: cause }, 'The request failed');
  }
}

/** Whether the failure is logged already, once for all requests that it affects. */
function isToldToAll(failure: unknown): boolean {
  const { cause } = failure as { cause?: { isTold?: boolean } };
  return cause?.isTold === true;
}
