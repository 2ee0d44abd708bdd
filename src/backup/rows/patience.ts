import { Refused } from '../../command-line/run-command.js';
import { isLocked } from '../../database/faults/database-fault.js';

/** How long others who hold a lock are waited for, and who is told of it. */
export interface Patience {
  waitMs: number;
  tell: (text: string) => void;
}

export const PATIENCE: Patience = { waitMs: 60_000, tell: () => {} };

/** Nobody is told of a short wait. */
const TOLD_AFTER_MS = 1_000;

/** The limit of each wait on PostgreSQL, as a statement. */
export function limitOf({ waitMs }: Patience): string {
  return `SET lock_timeout = ${waitMs}`;
}

/** Waits for a lock that `whom` has, on a connection with the limit. Throws Refused when it has waited long enough. */
export async function waitingFor(
  whom: string,
  { waitMs, tell }: Patience,
  lock: () => Promise<unknown>,
): Promise<void> {
  const seconds = waitMs / 1_000;
  const telling = setTimeout(
    () => tell(`Waiting for ${whom}, ${seconds} s at most.`),
    Math.min(TOLD_AFTER_MS, waitMs / 2),
  );
  try {
    await lock();
  } catch (error) {
    throw isLocked(error) ? new Refused(`Waited ${seconds} s for ${whom}, so nothing was done. Try again.`) : error;
  } finally {
    clearTimeout(telling);
  }
}
