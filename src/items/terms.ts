import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../contract/caller.js';
import { keyedRequest, type KeyedRequest } from '../idempotency/idempotency-key.js';
import { NO_CONDITIONS, type Conditions } from '../http/fields/conditions/preconditions.js';
import { traceOf, type TraceIds } from '../telemetry/trace-context.js';
import { returnPreference, type ReturnPreference } from '../http/fields/prefer.js';

/** What a request for a change says about how to carry it out. */
export interface Terms {
  /** Who asks for the change; see callerOf. */
  actor: string;
  /** X-Request-Id. */
  requestId: string;
  /** The trace that the request belongs to, for the log. */
  trace?: TraceIds;
  conditions: Conditions;
  preference?: ReturnPreference;
  /** Set if the request has an Idempotency-Key. */
  key?: KeyedRequest;
}

/** Handler parameter: the {@link Terms} of the request. */
export const RequestTerms = createParamDecorator((_: unknown, context: ExecutionContext): Terms => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return {
    actor: callerOf(request),
    requestId: request.id,
    trace: traceOf(request),
    conditions: request.conditions ?? NO_CONDITIONS,
    preference: returnPreference(request.headers.prefer as string | undefined),
    key: keyedRequest(request),
  };
});
