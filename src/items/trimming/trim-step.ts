import { DatabaseFault } from '../../database/faults/database-fault.js';
import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA } from '../../database/migrations/schema.js';
import type { POSTGRES_TRIMMING } from './trimming.statements.js';

/** What may be trimmed in one step. Times are of RFC 3339, in UTC with milliseconds. */
export interface TrimLimits {
  /** How many versions the step looks at. */
  versions: number;
  /** Versions whose successor was made before this time are trimmed. */
  before: string;
  /** Records of keys that were made before this time count no more. */
  expiredBefore: string;
}

/** How many versions a step looked at, and how many it deleted. */
export interface Trimmed {
  walked: number;
  deleted: number;
}

/** The transaction of a step. */
interface Transaction {
  run: <Row>(statement: string, parameters: unknown[]) => Promise<Row[]>;
  /** Keeps other writers out from here on, if they are not yet. */
  takeTurn?: () => Promise<unknown>;
}

/** A version, and the one before it. PostgreSQL gives sequence numbers as text. */
interface Walked {
  seq: number | string;
  at: string;
  itemId: string;
  oldVersion: number;
  /** null if it is not there. */
  oldSeq: number | string | null;
}

type RecordRow = Pick<Walked, 'itemId' | 'oldVersion' | 'at'>;

/**
 * Trims the next old versions, and notes how far it came. It ends before a version that a record of a key points at, which can be there
 * only after the clock was set back, and goes on there once that record has expired. Expired records that point at what is
 * trimmed go with it, so that none can come back to life without its version if records are kept for longer one day.
 */
export async function trimNext(
  { run, takeTurn }: Transaction,
  statements: typeof POSTGRES_TRIMMING,
  { versions, before, expiredBefore }: TrimLimits,
): Promise<Trimmed> {
  const foreign = await run(FOREIGN_MIGRATIONS, []);
  if (foreign.length > 0) throw new DatabaseFault('unavailable', new Error(FOREIGN_SCHEMA));
  const [position] = await run<{ walkedTo: number | string }>(statements.position, []);
  if (!position) return { walked: 0, deleted: 0 };
  const next = await run<Walked>(statements.next, [position.walkedTo, versions]);
  const due = upTo(next, ({ at }) => at >= before);
  const records = await run<RecordRow>(statements.records, [JSON.stringify(due.filter(hasOld))]);
  const held = new Set(records.filter(({ at }) => at >= expiredBefore).map(nameOfOld));
  const walked = upTo(due, (one) => held.has(nameOfOld(one)));
  const last = walked.at(-1);
  if (!last) return { walked: 0, deleted: 0 };
  const old = walked.filter(hasOld);
  if (records.length > 0) {
    // Whoever deletes several records has the turn, so no two wait for each other.
    await takeTurn?.();
    await run(statements.forget, [JSON.stringify(old)]);
  }
  const trimmed = old.map(({ oldSeq }) => Number(oldSeq));
  await run(statements.trim, [JSON.stringify(trimmed)]);
  await run(statements.note, [last.seq, Math.max(0, ...trimmed)]);
  return { walked: walked.length, deleted: trimmed.length };
}

/** The elements before the first that ends them. */
function upTo<T>(all: T[], isEnd: (one: T) => boolean): T[] {
  const end = all.findIndex(isEnd);
  return end === -1 ? all : all.slice(0, end);
}

function hasOld({ oldSeq }: Walked): boolean {
  return oldSeq !== null;
}

function nameOfOld({ itemId, oldVersion }: RecordRow): string {
  return `${oldVersion} ${itemId}`;
}
