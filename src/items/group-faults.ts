import { DatabaseFault, type FaultKind } from '../database/faults/database-fault.js';

/** Whether an error is a fault of this kind. */
export function isFault(error: unknown, kind: FaultKind): boolean {
  return error instanceof DatabaseFault && error.kind === kind;
}

/**
 * The fault of a whole group; undefined if one unit alone causes it. That is data that the database refuses, a conflict with a unique constraint
 * that an operator added (no lock resolves it), or a fault of ours in its decision. So is a damaged part on PostgreSQL; a damaged SQLite file
 * takes no change at all, and has told it.
 */
export function faultOfAll(error: unknown): DatabaseFault | undefined {
  if (!(error instanceof DatabaseFault) || error.kind === 'refused' || error.kind === 'conflict') return undefined;
  const isOfOne = error.kind === 'damaged' && (error.cause as { isTold?: boolean }).isTold !== true;
  return isOfOne ? undefined : error;
}
