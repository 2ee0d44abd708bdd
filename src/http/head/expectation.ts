import type { FastifyRequest } from 'fastify';
import { expectationsOf } from '../wire/continue.js';
import { expectationFailed } from '../wire/message.problems.js';

/** Problem: expectationFailed (417) for anything but 100-continue. RFC 9110 §10.1.1. */
export function checkExpectation({ raw }: FastifyRequest): void {
  const unmet = expectationsOf(raw).find((expectation) => expectation.toLowerCase() !== '100-continue');
  if (unmet !== undefined) throw expectationFailed(unmet.slice(0, 128));
}
