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
    meaning: 'The database does not answer now, or is too busy. The request changed nothing.',
    remedy: 'Wait as long as Retry-After says, then send the request again. Wait longer each time if it goes on.',
    retry: 'Yes, after Retry-After; nothing was changed, so any method may be repeated.',
  },
  (retryAfterSeconds: number) => ({
    detail: `The database does not answer now. Try again in ${retryAfterSeconds} s.`,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1],
);

/** The change was sent to the database, whose answer was lost and can't be looked up. RFC 9110 §15.6.4, §9.2.2. */
export const outcomeUnknown = problem(
  ServiceUnavailableException,
  {
    code: 'outcome-unknown',
    title: 'Outcome unknown',
    retryable: false,
    meaning: 'The database was lost while it made the change, so the change may or may not have been made.',
    remedy:
      'If retryable is true, send the same request again after Retry-After. Else read the item first: its version ' +
      'and its content show whether the change was made.',
    retry:
      'Yes, if retryable is true: an Idempotency-Key or a precondition keeps the change from being made twice. ' +
      'Else only after looking.',
  },
  (retryAfterSeconds: number, isSafeToRepeat: boolean) => ({
    detail:
      'The database was lost while it made the change, so the change may or may not have been made. ' +
      (isSafeToRepeat
        ? `Send the same request again in ${retryAfterSeconds} s: its key or precondition keeps it from being done twice.`
        : `Read the item in ${retryAfterSeconds} s to see which, before sending the request again.`),
    retryable: isSafeToRepeat,
    fields: { 'retry-after': String(retryAfterSeconds) },
  }),
  [1, false],
);

/** The database has no room for the change; nothing was changed. RFC 4918 §11.5. */
export const storageFull = problem(
  InsufficientStorageException,
  {
    code: 'storage-full',
    title: 'Storage full',
    retryable: true,
    meaning: 'The database has no room for the change. Nothing was changed, and reads still work.',
    remedy: 'Tell the operators, who must make room. Keep the change until then.',
    retry: 'Yes, once there is room; before that it fails again.',
  },
  () => ({ detail: 'The database has no room left; nothing was changed. Its operators must make room first.' }),
  [],
);
