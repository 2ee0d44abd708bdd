import { DatabaseFault } from '../../database/faults/database-fault.js';
import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA } from '../../database/migrations/schema.js';
import type { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import type { SqliteWriter } from '../../database/sqlite/sqlite-writer.js';
import type { KeyIdentity } from '../../idempotency/idempotency-record.entity.js';
import { SQLITE_FORGET_RECORD } from '../../idempotency/idempotency.statements.js';
import { SQLITE_FILLING } from '../search/search.statements.js';
import { trimNext, type TrimLimits, type Trimmed } from '../trimming/trim-step.js';
import { SQLITE_TRIMMING } from '../trimming/trimming.statements.js';
import { inSlices } from './in-slices.js';
import type { Item } from './item.entity.js';
import {
  readingRows,
  recordedAnswers,
  versionStates,
  type ItemRow,
  type RecordRow,
  type StateRow,
} from './items.rows.js';
import type { VersionKey, VersionState } from './version-state.js';
import { fillNext } from './search-step.js';
import { hasErasure, type RecordedAnswers, type WriteSet } from './write-set.js';
import {
  SQLITE_CREATE_WRITE_SETS,
  SQLITE_FIND_ITEMS,
  SQLITE_FIND_RECORDS,
  SQLITE_FIND_STATES,
  SQLITE_PUT,
  SQLITE_PUT_ERASING,
} from './items.statements.js';
import { arraysOf } from './written-rows.js';
import type { WriteSession, WriteSide } from './write-side.js';

/** The write side on SQLite: one connection with one transaction, so nothing else may use it while a set is written. */
export class SqliteWriteSide implements WriteSide {
  readonly maxGroupsInFlight = 1;

  constructor(private readonly writer: SqliteWriter) {}

  open(): Promise<void> {
    return this.writer.alone((connection) => connection.exec(SQLITE_CREATE_WRITE_SETS));
  }

  close(): Promise<void> {
    return this.writer.finalize();
  }

  findMany(ids: string[]): Promise<Map<string, Item>> {
    return this.writer.alone((connection) => on(connection).findMany(ids));
  }

  findStates(versions: VersionKey[]): Promise<VersionState[]> {
    return this.writer.alone((connection) => on(connection).findStates(versions));
  }

  findRecords(keys: KeyIdentity[]): Promise<RecordedAnswers[]> {
    return this.writer.alone((connection) => on(connection).findRecords(keys));
  }

  async forgetRecord(key: KeyIdentity, before: string): Promise<void> {
    await this.writer.file.requirePresent();
    return this.writer.alone((connection) => on(connection).forgetRecord(key, before));
  }

  async save(set: WriteSet, expiredBefore: string): Promise<void> {
    const { file } = this.writer;
    await file.requirePresent();
    await this.writer.alone((connection) => on(connection).save(set, expiredBefore));
    await file.confirm();
  }

  requireOurs(): Promise<void> {
    return this.writer.alone((connection) => on(connection).requireOurs());
  }

  fillSearch(limit: number): Promise<boolean> {
    return this.inTransaction((connection) => {
      return fillNext((statement, values) => connection.all(statement, values), SQLITE_FILLING, limit);
    });
  }

  trimVersions(limits: TrimLimits): Promise<Trimmed> {
    return this.inTransaction((connection) => {
      return trimNext({ run: (statement, values) => connection.all(statement, values) }, SQLITE_TRIMMING, limits);
    });
  }

  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    return this.inTransaction((connection) => work(on(connection)));
  }

  private async inTransaction<T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    const { file } = this.writer;
    await file.requirePresent();
    const result = await this.writer.inTransaction(work);
    await file.confirm();
    return result;
  }
}

function on(connection: SqliteConnection): Required<WriteSession> {
  return {
    findMany: async (ids) =>
      inSlices(readingRows(await connection.all<ItemRow>(SQLITE_FIND_ITEMS, [JSON.stringify(ids)]))),
    findStates: async (versions) =>
      versionStates(await connection.all<StateRow>(SQLITE_FIND_STATES, [JSON.stringify(versions)])),
    findRecords: async (keys) =>
      recordedAnswers(await connection.all<RecordRow>(SQLITE_FIND_RECORDS, [JSON.stringify(keys)])),
    forgetRecord: async ({ caller, key }, before) => {
      await connection.all(SQLITE_FORGET_RECORD, [caller, key, before]);
    },
    save: async (set, expiredBefore) => {
      const { kept, moved, versions, terms } = await inSlices(arraysOf(set));
      const columns = [kept, moved, versions, terms, JSON.stringify(set.records), expiredBefore];
      await connection.all(hasErasure(set.changes) ? SQLITE_PUT_ERASING : SQLITE_PUT, columns);
    },
    requireOurs: async () => {
      const foreign = await connection.all(FOREIGN_MIGRATIONS, []);
      if (foreign.length > 0) throw new DatabaseFault('unavailable', new Error(FOREIGN_SCHEMA));
    },
  };
}
