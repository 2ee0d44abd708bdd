import { overloaded } from '../http/load/overload.problems.js';
import { starting } from '../http/head/start-gate.problems.js';
import { unexpected } from '../problems/unexpected.problems.js';
import { outcomeUnknown, queryTooSlow, storageFull, storageUnavailable } from './storage.problems.js';

/** Answers of every operation that reads the database, for the states of database and service. */
export const reads = { 500: [unexpected], 503: [storageUnavailable, overloaded, starting] };

/** The same for operations whose query can take too long. */
export const queries = { ...reads, 400: [queryTooSlow] };

/** The same for operations that change the database. */
export const writes = {
  ...reads,
  503: [storageUnavailable, outcomeUnknown, overloaded, starting],
  507: [storageFull],
};
