import { ACCESS } from './rows-access.js';
import { BACKUPS } from './rows-backups.js';
import { BATCHES } from './items/rows-batches.js';
import { CHANGES } from './rows-changes.js';
import { BODIES } from './http/rows-bodies.js';
import { CONDITIONAL_READS } from './http/rows-conditional-reads.js';
import { CONDITIONAL_WRITES } from './http/rows-conditional-writes.js';
import { CREATE } from './items/rows-create.js';
import { FRAMING } from './http/rows-framing.js';
import { LIMITS } from './http/rows-limits.js';
import { ERASURE } from './items/rows-erasure.js';
import { HISTORY } from './items/rows-history.js';
import { LISTS } from './items/rows-lists.js';
import { MESSAGES } from './http/rows-messages.js';
import { METHODS } from './http/rows-methods.js';
import { METRICS } from './rows-metrics.js';
import { NEGOTIATION } from './http/rows-negotiation.js';
import { PATCHES } from './items/rows-patches.js';
import { PREFERENCES } from './http/rows-preferences.js';
import { PROBLEM_BODIES } from './http/rows-problems.js';
import { PUT_AND_DELETE } from './items/rows-put-delete.js';
import { QUERIES } from './http/rows-queries.js';
import { READING } from './items/rows-reading.js';
import { REHEARSAL } from './rows-rehearsal.js';
import { RETRIES } from './items/rows-retries.js';
import { SEARCH } from './items/rows-search.js';
import { SERVICE } from './rows-service.js';
import { TELEMETRY } from './rows-telemetry.js';
import type { Row } from './row.js';

/** Every promise, in the order of the numbers. */
export const ROWS: Row[] = [
  METHODS,
  MESSAGES,
  FRAMING,
  NEGOTIATION,
  READING,
  CONDITIONAL_READS,
  CREATE,
  BODIES,
  PUT_AND_DELETE,
  CONDITIONAL_WRITES,
  PATCHES,
  PREFERENCES,
  LISTS,
  HISTORY,
  ERASURE,
  SEARCH,
  CHANGES,
  QUERIES,
  PROBLEM_BODIES,
  LIMITS,
  RETRIES,
  BATCHES,
  SERVICE,
  METRICS,
  TELEMETRY,
  BACKUPS,
  ACCESS,
  REHEARSAL,
]
  .flat()
  .sort(byNumber);

// B4 before B12.
function byNumber(one: Row, other: Row): number {
  return one.number.localeCompare(other.number, 'en', { numeric: true });
}
