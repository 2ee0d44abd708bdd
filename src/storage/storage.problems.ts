import { ServiceUnavailableException } from '@nestjs/common';
import { InsufficientStorageException } from '../problems/exceptions.js';
import { problem } from '../problems/problem.js';

/** The database is busy or gone. RFC 9110 §15.6.4, §10.2.3. */
export const storageUnavailable = problem(
  ServiceUnavailableException,
  {
    code: 'storage-unavailable',
    title: 'Storage unavailable',
    retryable: true,
    meaning: 'The database does not answer now, or is too busy. Nothing was changed.',
    remedy: 'Wait as long as Retry-After says, then send the request again. If that fails, wait longer each time.',
    retry: 'Yes, after Retry-After. Nothing was changed, so any method can be repeated.',
  },
  (retryAfterSeconds: number) => ({
    detail: `The database does not answer now. Try again in ${retryAfterSeconds} s.`,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1],
);

/** The database's answer to a change was lost, and the outcome can't be looked up. RFC 9110 §15.6.4, §9.2.2. */
export const outcomeUnknown = problem(
  ServiceUnavailableException,
  {
    code: 'outcome-unknown',
    title: 'Outcome unknown',
    retryable: false,
    meaning:
      'The service lost the connection to the database during the change. The change may or may not have been made.',
    remedy:
      'If retryable is true, send the same request again after Retry-After. Otherwise read the current state first: it ' +
      'shows whether the change was made.',
    retry:
      'If retryable is true: an Idempotency-Key or a precondition keeps the change from being made twice. Otherwise only ' +
      'after you have read the current state.',
  },
  (retryAfterSeconds: number, isSafeToRepeat: boolean) => ({
    detail:
      'The service lost the connection to the database during the change. The change may or may not have been made. ' +
      (isSafeToRepeat
        ? `Send the same request again in ${retryAfterSeconds} s: its key or precondition keeps it from being done twice.`
        : `Read the current state in ${retryAfterSeconds} s, before you send the request again.`),
    retryable: isSafeToRepeat,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1, false],
);

/** The database has no room for the change. Nothing was changed. RFC 4918 §11.5. */
export const storageFull = problem(
  InsufficientStorageException,
  {
    code: 'storage-full',
    title: 'Storage full',
    retryable: true,
    meaning: 'The database has no room for the change. Nothing was changed, and reads still work.',
    remedy: 'Tell the operators, who must make room. Keep the change until then.',
    retry: 'Yes, once there is room. Before that it fails again.',
  },
  () => ({ detail: 'The database has no room left. Nothing was changed. Its operators must make room first.' }),
  [],
);
