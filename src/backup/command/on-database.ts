import { Refused } from '../../command-line/run-command.js';
import type { DatabaseConfig } from '../../config/config.js';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { DatabaseUnusable, unusable } from '../../database/open-database.js';

/** Runs work on a database, and says of what went wrong with it where it is. Throws Refused or DatabaseUnusable. */
export async function onDatabase<T>(config: DatabaseConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof DatabaseFault ? error.cause : error;
    throw cause instanceof Refused || cause instanceof DatabaseUnusable ? cause : unusable(config, error);
  }
}
