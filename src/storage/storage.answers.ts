import { overloaded } from '../http/load/overload.problems.js';
import { starting } from '../http/head/start-gate.problems.js';
import { unexpected } from '../problems/unexpected.problems.js';
import { outcomeUnknown, storageFull, storageUnavailable } from './storage.problems.js';

/** What every operation that reads the database may answer because of the state that it and the service are in. */
export const reads = { 500: [unexpected], 503: [storageUnavailable, overloaded, starting] };

/** The same of every operation that changes the database. */
export const writes = {
  ...reads,
  503: [storageUnavailable, outcomeUnknown, overloaded, starting],
  507: [storageFull],
};
