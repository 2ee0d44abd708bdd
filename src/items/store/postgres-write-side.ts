import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { endProcess, isStandby, poolOf, processIdOf, withClient } from '../../database/postgres/postgres-client.js';
import { FOREIGN_SCHEMA } from '../../database/migrations/schema.js';
import type { KeyIdentity } from '../../idempotency/idempotency-record.entity.js';
import { POSTGRES_COMMAND_OF_KEY, POSTGRES_FORGET_RECORD } from '../../idempotency/idempotency.statements.js';
import { trimNext, type TrimLimits, type Trimmed } from '../trimming/trim-step.js';
import { POSTGRES_TRIMMING } from '../trimming/trimming.statements.js';
import { inSlices } from './in-slices.js';
import {
  readingRows,
  recordedAnswers,
  versionStates,
  type ItemRow,
  type RecordRow,
  type StateRow,
} from './items.rows.js';
import type { VersionKey, VersionState } from './version-state.js';
import { POSTGRES_FILLING } from '../search/search.statements.js';
import { fillNext } from './search-step.js';
import { hasErasure, type RecordedAnswers, type WriteSet } from './write-set.js';
import {
  POSTGRES_COMMAND_OF_VERSION,
  POSTGRES_FIND_ITEMS,
  POSTGRES_FIND_RECORDS,
  POSTGRES_FIND_STATES,
  POSTGRES_PUT,
  POSTGRES_PUT_ERASING,
  POSTGRES_PUT_WITH_RECORDS,
  POSTGRES_TAKE_TURN,
} from './items.statements.js';
import { objectsOf } from './written-rows.js';
import type { WriteSession, WriteSide } from './write-side.js';

/** How often a write is looked up: other connections of the pool may be lost, too, when its own is. */
const MAX_LOOK_UPS = 4;

/** The write side on PostgreSQL. If the answer to a write is lost on the network, the write is looked up. */
export class PostgresWriteSide implements WriteSide {
  readonly maxGroupsInFlight = 2;

  /** `writer` may connect later. */
  constructor(private readonly writer: DataSource) {}

  findMany(ids: string[]): ReturnType<WriteSession['findMany']> {
    return withClient(this.pool, (client) => reading(client).findMany(ids));
  }

  findStates(versions: VersionKey[]): Promise<VersionState[]> {
    return withClient(this.pool, (client) => reading(client).findStates(versions));
  }

  findRecords(keys: KeyIdentity[]): Promise<RecordedAnswers[]> {
    return withClient(this.pool, (client) => reading(client).findRecords(keys));
  }

  forgetRecord(key: KeyIdentity, before: string): Promise<void> {
    return withClient(this.pool, (client) => reading(client).forgetRecord(key, before));
  }

  save(set: WriteSet, expiredBefore: string): Promise<void> {
    return this.settled((session) => session.save(set, expiredBefore));
  }

  fillSearch(limit: number): Promise<boolean> {
    return withClient(this.pool, async (client) => {
      await client.query('BEGIN');
      await client.query(POSTGRES_TAKE_TURN);
      const run = async <Row>(statement: string, values: unknown[]) =>
        (await client.query(statement, values)).rows as Row[];
      const isMore = await fillNext(run, POSTGRES_FILLING, limit);
      await client.query('COMMIT');
      return isMore;
    });
  }

  // Without the turn, unless records of keys are deleted: nobody writes a version again that has a successor.
  trimVersions(limits: TrimLimits): Promise<Trimmed> {
    return withClient(this.pool, async (client) => {
      await client.query('BEGIN');
      const run = async <Row>(statement: string, values: unknown[]) =>
        (await client.query(statement, values)).rows as Row[];
      const takeTurn = () => client.query(POSTGRES_TAKE_TURN);
      const trimmed = await trimNext({ run, takeTurn }, POSTGRES_TRIMMING, limits);
      await client.query('COMMIT');
      return trimmed;
    });
  }

  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    return this.settled(async (session, client, done) => {
      await client.query('BEGIN');
      // A separate statement: a statement that also reads sees the state from before the wait.
      await client.query(POSTGRES_TAKE_TURN);
      const result = await work(session);
      done(result);
      await client.query('COMMIT');
      return result;
    });
  }

  private get pool(): Pool {
    return poolOf(this.writer);
  }

  /**
   * Runs `work` on one connection. If that is lost after a write was sent, the write is looked up. If it was committed, the
   * result is the one that `done` got. If it never will be, this throws `disconnected`; if nobody can tell, `outcome-unknown`.
   */
  private async settled<T>(
    work: (session: WriteSession, client: PoolClient, done: (result: T) => void) => Promise<T>,
  ): Promise<T> {
    let sent: { set: WriteSet; processId: number } | undefined;
    let result: T | undefined;
    const run = (client: PoolClient) => {
      const session: WriteSession = {
        ...reading(client),
        save: (set, expiredBefore) => {
          sent = { set, processId: processIdOf(client) };
          return put(client, set, expiredBefore);
        },
      };
      return work(session, client, (value) => (result = value));
    };
    try {
      return await withClient(this.pool, run);
    } catch (error) {
      if (!sent || !leavesItsOutcomeOpen(error)) throw error;
      const outcome = await this.lookUp(sent.set, sent.processId);
      if (outcome !== 'committed') throw new DatabaseFault(outcome, error);
      return result as T;
    }
  }

  private async lookUp(
    set: WriteSet,
    processId: number,
    tries = 1,
  ): Promise<'committed' | 'disconnected' | 'outcome-unknown'> {
    try {
      return await withClient(this.pool, async (client) => {
        // What a standby lacks, its primary may have committed, or may yet.
        const isOver = !(await isStandby(client)) && (await endProcess(client, processId));
        const { expected, found } = await commandOf(client, set);
        if (found !== undefined) return found === expected ? 'committed' : 'disconnected';
        return isOver ? 'disconnected' : 'outcome-unknown';
      });
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      if (error.kind !== 'disconnected' || tries === MAX_LOOK_UPS) return 'outcome-unknown';
      return this.lookUp(set, processId, tries + 1);
    }
  }
}

/** The command of the first version or record, according to the set and to the database. */
async function commandOf(client: PoolClient, { changes: [change], records: [record] }: WriteSet) {
  const [expected, statement, values] = change
    ? [change.version.commandId, POSTGRES_COMMAND_OF_VERSION, [change.version.itemId, change.version.version]]
    : [record?.commandId, POSTGRES_COMMAND_OF_KEY, [record?.caller, record?.key]];
  const { rows } = await client.query<{ command_id: string | null }>(statement, values);
  return { expected, found: rows[0]?.command_id };
}

function leavesItsOutcomeOpen(error: unknown): boolean {
  return error instanceof DatabaseFault && (error.kind === 'disconnected' || error.kind === 'unanswered');
}

// The statements are named, so that the server prepares them once for each connection.
function reading(client: PoolClient): Omit<WriteSession, 'save'> {
  return {
    findMany: async (ids) => {
      const { rows } = await client.query<ItemRow>({ name: 'find-items', text: POSTGRES_FIND_ITEMS, values: [ids] });
      return inSlices(readingRows(rows));
    },
    findStates: async (versions) => {
      const values = [JSON.stringify(versions)];
      const { rows } = await client.query<StateRow>({ name: 'find-states', text: POSTGRES_FIND_STATES, values });
      return versionStates(rows);
    },
    findRecords: async (keys) => {
      const values = [JSON.stringify(keys)];
      const { rows } = await client.query<RecordRow>({ name: 'find-records', text: POSTGRES_FIND_RECORDS, values });
      return recordedAnswers(rows);
    },
    forgetRecord: async ({ caller, key }, before) => {
      await client.query(POSTGRES_FORGET_RECORD, [caller, key, before]);
    },
  };
}

async function put(client: PoolClient, set: WriteSet, expiredBefore: string): Promise<void> {
  const { items, versions, terms } = await inSlices(objectsOf(set));
  const records = [JSON.stringify(set.records), expiredBefore];
  const { rows } = await client.query(
    hasErasure(set.changes)
      ? { name: 'put-erasing', text: POSTGRES_PUT_ERASING, values: [items, versions, ...records, terms] }
      : set.records.length === 0
        ? { name: 'put-items', text: POSTGRES_PUT, values: [items, versions, terms] }
        : { name: 'put-records', text: POSTGRES_PUT_WITH_RECORDS, values: [items, versions, ...records, terms] },
  );
  if (rows.length === 0) throw new DatabaseFault('unavailable', new Error(FOREIGN_SCHEMA));
}
