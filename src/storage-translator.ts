import type { HttpException } from '@nestjs/common';
import { DatabaseFault } from './database/database-fault.js';
import { outcomeUnknown, storageFull, storageUnavailable } from './http/problems/storage.problems.js';

const RETRY_AFTER_SECONDS = 1;

/** What a fault of the database is over HTTP; the two rooms don't know each other. */
export function problemOfDatabaseFault(exception: unknown): HttpException | undefined {
  if (!(exception instanceof DatabaseFault)) return undefined;
  if (exception.kind === 'full') return storageFull();
  if (exception.kind === 'outcome-unknown') return outcomeUnknown(RETRY_AFTER_SECONDS);
  return storageUnavailable(RETRY_AFTER_SECONDS);
}
