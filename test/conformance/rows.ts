import { BODIES } from './rows-bodies.js';
import { CONDITIONAL_READS } from './rows-conditional-reads.js';
import { CONDITIONAL_WRITES } from './rows-conditional-writes.js';
import { CREATE } from './rows-create.js';
import { FRAMING } from './rows-framing.js';
import { LIMITS } from './rows-limits.js';
import { LISTS } from './rows-lists.js';
import { MESSAGES } from './rows-messages.js';
import { METHODS } from './rows-methods.js';
import { NEGOTIATION } from './rows-negotiation.js';
import { PATCHES } from './rows-patches.js';
import { PREFERENCES } from './rows-preferences.js';
import { PROBLEM_BODIES } from './rows-problems.js';
import { PUT_AND_DELETE } from './rows-put-delete.js';
import { READING } from './rows-reading.js';
import { REHEARSAL } from './rows-rehearsal.js';
import { RETRIES } from './rows-retries.js';
import { SERVICE } from './rows-service.js';
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
  PROBLEM_BODIES,
  LIMITS,
  RETRIES,
  SERVICE,
  REHEARSAL,
]
  .flat()
  .sort(byNumber);

// B4 before B12.
function byNumber(one: Row, other: Row): number {
  return one.number.localeCompare(other.number, 'en', { numeric: true });
}
