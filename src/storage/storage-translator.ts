import type { HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DatabaseFault } from '../database/database-fault.js';
import { outcomeUnknown, storageFull, storageUnavailable } from './storage.problems.js';

const RETRY_AFTER_SECONDS = 1;

/** What a fault of the database is over HTTP, undefined if it is nothing foreseen; the two rooms don't know each other. */
export function problemOfDatabaseFault(exception: unknown, request: FastifyRequest): HttpException | undefined {
  if (!(exception instanceof DatabaseFault)) return undefined;
  if (exception.kind === 'refused' || exception.kind === 'unforeseen') return undefined;
  if (exception.kind === 'full') return storageFull();
  if (exception.kind === 'outcome-unknown') return outcomeUnknown(RETRY_AFTER_SECONDS, isSafeToRepeat(request));
  return storageUnavailable(RETRY_AFTER_SECONDS);
}

// A key gives the first answer again. A change that was made has made these conditions false (RFC 9110 §13.1.1, §13.1.2).
function isSafeToRepeat({ idempotencyKey, conditions }: FastifyRequest): boolean {
  return idempotencyKey !== undefined || Array.isArray(conditions?.ifMatch) || conditions?.ifNoneMatch === '*';
}
