import type { HttpException } from '@nestjs/common';
import { DatabaseFault } from './database/database-fault.js';
import { storageFull, storageUnavailable } from './http/problems/storage.problems.js';

const RETRY_AFTER_SECONDS = 1;

/** What a fault of the database is over HTTP; the two rooms don't know each other. */
export function problemOfDatabaseFault(exception: unknown): HttpException | undefined {
  if (!(exception instanceof DatabaseFault)) return undefined;
  return exception.kind === 'full' ? storageFull() : storageUnavailable(RETRY_AFTER_SECONDS);
}
