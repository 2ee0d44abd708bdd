import { types } from 'node:util';
import { QueryFailedError } from 'typeorm';
import { FOREIGN_SCHEMA } from '../migrations/schema.js';
import { POSTGRES_KINDS, POSTGRES_MESSAGES } from './postgres-kinds.js';
import { SQLITE_KINDS } from './sqlite-kinds.js';

/**
 * What a driver's error means for the caller.
 * - `conflict`: a unique constraint; nothing was changed: decide again on fresh rows
 * - `rolled-back`: the server rolled back in favour of another transaction; nothing was changed: try again
 * - `unavailable`: busy past the timeout, or no session could be opened; nothing was changed
 * - `disconnected`: the connection was lost; what was sent on it before may have been carried out
 * - `unanswered`: no answer came within the timeout; what was sent may have been carried out
 * - `outcome-unknown`: a write was sent, and whether it was carried out can't be known
 * - `full`: no room left; nothing was changed
 * - `damaged`: what was to be read is damaged on the disk; nothing was changed
 * - `refused`: the database does not take these values; nothing was changed
 * - `too-slow`: a read was stopped, since it took too long
 * - `crowded`: a read was not begun, since others kept it waiting too long
 * - `unforeseen`: anything else, such as a missing table; nothing was changed
 */
export type FaultKind =
  | 'conflict'
  | 'rolled-back'
  | 'unavailable'
  | 'disconnected'
  | 'unanswered'
  | 'outcome-unknown'
  | 'full'
  | 'damaged'
  | 'refused'
  | 'too-slow'
  | 'crowded'
  | 'unforeseen';

/** A named fault of the database. The driver's error is its cause, for the log only. */
export class DatabaseFault extends Error {
  constructor(
    readonly kind: FaultKind,
    override readonly cause: unknown,
  ) {
    super(`database fault: ${kind}`);
  }
}

/** Runs database work and turns its errors into DatabaseFaults, once. */
export async function namingFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DatabaseFault ? error : new DatabaseFault(faultKindOf(error) ?? 'unforeseen', error);
  }
}

/**
 * The same for reads, without a transaction. One that finds no room for what it sorts fails like one that the database has no time for:
 * `full` is about changes. `met` is told each fault, and gives what is thrown.
 */
export async function namingFaultsOfReads<T>(
  work: () => Promise<T>,
  met?: (fault: DatabaseFault) => DatabaseFault,
): Promise<T> {
  try {
    return await namingFaults(work);
  } catch (error) {
    const fault = error as DatabaseFault;
    const known = fault.kind === 'full' ? new DatabaseFault('unavailable', fault.cause) : fault;
    throw met ? met(known) : known;
  }
}

/** Whether somebody else held a lock for too long. PostgreSQL: 55P03 lock_timeout, 57014 statement_timeout. */
export function isLocked(error: unknown): boolean {
  const code = types.isNativeError(error) && 'code' in error ? String(error.code) : '';
  return /^(SQLITE_BUSY|SQLITE_LOCKED|55P03|57014)$/.test(code);
}

/** The kind of fault that an error is; undefined if it is none of them. */
export function faultKindOf(error: unknown): FaultKind | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  // Not instanceof: the sqlite3 add-on and Node's own modules make errors of another realm when tests run in a sandbox.
  if (!types.isNativeError(cause)) return undefined;
  const code = 'code' in cause ? String(cause.code) : '';
  if (code === 'SQLITE_CONSTRAINT' && cause.message.includes('UNIQUE constraint failed')) return 'conflict';
  if (code === 'SQLITE_CONSTRAINT' && cause.message.includes(FOREIGN_SCHEMA)) return 'unavailable';
  const byPattern = (kinds: [RegExp, FaultKind][], text: string) => kinds.find(([pattern]) => pattern.test(text))?.[1];
  return SQLITE_KINDS[code] ?? byPattern(POSTGRES_KINDS, code) ?? byPattern(POSTGRES_MESSAGES, cause.message);
}
