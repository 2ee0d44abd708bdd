import { BadRequestException, InternalServerErrorException, ServiceUnavailableException } from '@nestjs/common';
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

/** A read was stopped after QUERY_TIMEOUT_MS. RFC 9110 §15.5.1: the server will not process the request as it is. */
export const queryTooSlow = problem(
  BadRequestException,
  {
    code: 'query-too-slow',
    title: 'Query too slow',
    retryable: false,
    meaning: 'The query takes longer than the service allows (QUERY_TIMEOUT_MS), so it was stopped.',
    remedy:
      'Ask for less: of a list leave out count, name ids, or use conditions that an index serves; of a history ask for fewer versions. ' +
      'The operators can allow more time.',
    retry: 'Not as it is. The same request will probably take as long again.',
  },
  () => ({ detail: 'The query takes too long, so it was stopped. Ask for less.' }),
  [],
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

/** What the request needs is damaged on the disk of the database. RFC 9110 §15.6.1. */
export const storageDamaged = problem(
  InternalServerErrorException,
  {
    code: 'storage-damaged',
    title: 'Storage damaged',
    retryable: false,
    meaning:
      'A part of the database is damaged on its disk. Nothing was changed. Requests that don’t need the damaged part work; with SQLite changes ' +
      'are refused as a whole, so that nothing more is lost.',
    remedy: 'Tell the operators, who must repair the database or restore a backup. Keep the change until then.',
    retry: 'No. It fails again until the database is repaired.',
  },
  () => ({ detail: 'A part of the database is damaged. Nothing was changed. Its operators must repair it first.' }),
  [],
);
