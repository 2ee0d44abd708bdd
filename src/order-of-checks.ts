import type { FactoryProvider, Type } from '@nestjs/common';
import { CredentialsCheck } from './access/credentials-check.js';
import { RightCheck } from './access/right-check.js';
import { HostCheck } from './http/browsers/host-check.js';
import { checkAccept } from './http/head/content/accept.js';
import { checkNoBody, checkContentLength, checkContentType, checkContentRange } from './http/head/content/content.js';
import { checkExpectation } from './http/head/expectation.js';
import { FINAL_CHECK, HEAD_CHECKS, type Check, type HeadCheck } from './http/head/head-judge.js';
import { checkHeaderBlock } from './http/head/header-block.js';
import { checkFields, checkHost, checkVersion } from './http/head/message.js';
import { checkPathParameters } from './http/head/path-parameters.js';
import { checkQuery } from './http/head/query.js';
import { checkMethod, checkMethodIsKnown, RouteCheck } from './http/head/route.js';
import { StartGate } from './http/head/start-gate.js';
import { StopGate } from './http/head/stop-gate.js';
import { checkTarget, checkTargetSize } from './http/head/target.js';
import { checkPreconditions } from './http/fields/conditions/preconditions.js';
import { Overload } from './http/load/overload.js';
import { Rehearsal } from './http/rehearsal/rehearsal.js';
import { RateCheck } from './rate-limits/rate-check.js';
import { checkIdempotencyKey } from './idempotency/idempotency-key.js';

/** A check that needs live parts, and so is a Nest provider. */
interface LiveCheck {
  provider: Type<HeadCheck>;
}

/** One thing that is checked, and the statuses that refuse it. */
interface Step {
  name: string;
  statuses: number[];
  /** The check, or the files where it is. */
  by: Check | LiveCheck | `${string}.ts`[];
}

/**
 * The order in which a request is checked. Of two faults the earlier one is answered. The parser reads byte by byte. The
 * head is checked before the body is read. A write is checked inside it, against the state that it changes.
 */
export const ORDER_OF_CHECKS: Record<'parser' | 'head' | 'body' | 'write', Step[]> = {
  parser: [
    step('unknown method', [501], ['http/parser/parser-faults.ts']),
    step('malformed message', [400], ['http/parser/parser-faults.ts']),
    step('more than the parser holds', [414, 431], ['http/parser/parser-faults.ts']),
    step('version that the parser refuses', [505], ['http/parser/parser-faults.ts']),
    step('arrives in time', [408], ['http/parser/parser-faults.ts']),
  ],
  head: [
    step('known method', [501], checkMethodIsKnown),
    step('version', [505], checkVersion),
    step('host', [400], checkHost),
    step('foreign host', [421], { provider: HostCheck }),
    step('target size', [414], checkTargetSize),
    step('header block size', [431], checkHeaderBlock),
    step('target', [400], checkTarget),
    step('fields and framing', [400], checkFields),
    step('start', [503], { provider: StartGate }),
    step('drain', [503], { provider: StopGate }),
    step('overload', [503], { provider: Overload }),
    step('route', [404], { provider: RouteCheck }),
    step('method', [405], checkMethod),
    step('rehearsal', [400], { provider: Rehearsal }),
    step('credentials', [401, 429, 503], { provider: CredentialsCheck }),
    step('rate', [429], { provider: RateCheck }),
    step('right', [403], { provider: RightCheck }),
    step('path parameters', [400], checkPathParameters),
    step('query', [400], checkQuery),
    step('precondition fields', [400], checkPreconditions),
    step('idempotency key field', [400], checkIdempotencyKey),
    step('body where none belongs', [400], checkNoBody),
    step('content range', [400], checkContentRange),
    step('expectation', [417], checkExpectation),
    step('accept', [406], checkAccept),
    step('content length', [413], checkContentLength),
    step('content type', [400, 415], checkContentType),
    step('room', [503], ['http/load/room.ts']),
  ],
  body: [
    step('body as counted', [413], ['http/body-reader.ts']),
    step('content coding', [400, 413], ['http/body/unpacker.ts']),
    step('JSON text', [400], ['http/body/json/json-reader.ts']),
    step('form text', [400], ['http/body/form.ts']),
    step('query in the body', [400], ['http/head/query.ts']),
    step('credentials, after a wait', [401, 429, 503], ['access/credentials-check.ts']),
    step('members', [400], ['http/body/validation/validation.pipe.ts']),
    step('rate of a batch', [429], ['items/batch/batch.controller.ts']),
    step('room for the answer to a batch', [503], ['items/batch/batch.controller.ts']),
  ],
  write: [
    step('idempotency key', [422, 409], ['idempotency/running-keys.ts', 'items/jobs.rules.ts']),
    step('target exists', [404], ['items/items.rules.ts']),
    step('precondition required', [428], ['items/items.rules.ts']),
    step('preconditions', [412, 304], ['http/fields/conditions/preconditions.ts', 'items/items.rules.ts']),
    step('state', [409], ['items/items.rules.ts']),
    step('result of a patch', [422], ['items/item-patch.ts']),
  ],
};

/** The checks of the head that are in force, in their order. */
export const headChecks: FactoryProvider<Check[]> = {
  provide: HEAD_CHECKS,
  useFactory: (...live: HeadCheck[]) =>
    ORDER_OF_CHECKS.head.flatMap(({ by }) => {
      if (typeof by === 'function') return [by];
      if (Array.isArray(by)) return [];
      const part = live.find((one) => one instanceof by.provider)!;
      return part.isInForce === false ? [] : [(request, reply) => part.check(request, reply)];
    }),
  inject: ORDER_OF_CHECKS.head.flatMap(({ by }) => (typeof by === 'object' && !Array.isArray(by) ? [by.provider] : [])),
};

/** A request without a body gets to the final check as soon as it is its turn. */
export const finalCheck: FactoryProvider<Check | undefined> = {
  provide: FINAL_CHECK,
  useFactory: (credentials: CredentialsCheck) =>
    credentials.isInForce ? (request) => credentials.checkAgain(request) : undefined,
  inject: [CredentialsCheck],
};

function step(name: string, statuses: number[], by: Step['by']): Step {
  return { name, statuses, by };
}
