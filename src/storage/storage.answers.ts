import { whileBusy } from '../http/common-answers.js';
import { unexpected } from '../problems/unexpected.problems.js';
import { outcomeUnknown, queryTooSlow, storageDamaged, storageFull, storageUnavailable } from './storage.problems.js';

/** Answers of every operation that reads the database, for the states of database and service. */
export const reads = { 500: [unexpected, storageDamaged], 503: [storageUnavailable, ...whileBusy[503]] };

/** The same for operations whose query can take too long. */
export const queries = { ...reads, 400: [queryTooSlow] };

/** The same for operations that change the database. */
export const writes = {
  ...reads,
  503: [storageUnavailable, outcomeUnknown, ...whileBusy[503]],
  507: [storageFull],
};
