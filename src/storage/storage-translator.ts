import type { HttpException } from '@nestjs/common';
import { DatabaseFault } from '../database/faults/database-fault.js';
import type { FailedChange } from '../http/problems-of-exceptions.js';
import { overloaded } from '../http/load/overload.problems.js';
import { outcomeUnknown, queryTooSlow, storageDamaged, storageFull, storageUnavailable } from './storage.problems.js';

const RETRY_AFTER_SECONDS = 1;

/** The problem of a database fault; undefined if it is not foreseen. The areas database and http don't know each other. */
export function problemOfDatabaseFault(exception: unknown, change: FailedChange): HttpException | undefined {
  if (!(exception instanceof DatabaseFault)) return undefined;
  if (exception.kind === 'refused' || exception.kind === 'unforeseen') return undefined;
  if (exception.kind === 'full') return storageFull();
  if (exception.kind === 'damaged') return storageDamaged();
  if (exception.kind === 'too-slow') return queryTooSlow();
  if (exception.kind === 'crowded') return overloaded('queries');
  if (exception.kind === 'outcome-unknown') return outcomeUnknown(RETRY_AFTER_SECONDS, isSafeToRepeat(change));
  return storageUnavailable(RETRY_AFTER_SECONDS);
}

// Under a key the repeat gets the first answer. If the change was made, these conditions are false for the repeat
// (RFC 9110 §13.1.1, §13.1.2).
function isSafeToRepeat({ idempotencyKey, conditions }: FailedChange): boolean {
  return idempotencyKey !== undefined || Array.isArray(conditions?.ifMatch) || conditions?.ifNoneMatch === '*';
}
