import type { DataSource } from 'typeorm';
import { namingFaults } from '../../database/faults/database-fault.js';
import { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import type { SqliteFile } from '../../database/sqlite/sqlite-file.js';
import type { KeyIdentity } from '../../idempotency/idempotency-record.entity.js';
import { SQLITE_FORGET_RECORD } from '../../idempotency/idempotency.statements.js';
import type { Item } from './item.entity.js';
import { itemRows, recordedAnswers, rowsById, versionRows, type ItemRow, type RecordRow } from './items.rows.js';
import type { RecordedAnswer, WriteSet } from './write-set.js';
import { SQLITE_CREATE_WRITE_SET, SQLITE_FIND_ITEMS, SQLITE_FIND_RECORDS, SQLITE_PUT } from './items.statements.js';
import type { WriteSession, WriteSide } from './write-side.js';

/** The write side on SQLite: one connection with one transaction, so nothing else may use it while a set is written. */
export class SqliteWriteSide implements WriteSide {
  readonly maxGroupsInFlight = 1;
  private readonly connection: SqliteConnection;
  /** Whether a transaction that should have been rolled back may still be open. */
  private isLeftOpen = false;

  constructor(
    writer: DataSource,
    private readonly file: SqliteFile,
  ) {
    this.connection = new SqliteConnection(writer);
  }

  open(): Promise<void> {
    return this.connection.exec(SQLITE_CREATE_WRITE_SET);
  }

  close(): Promise<void> {
    return this.connection.finalize();
  }

  findMany(ids: string[]): Promise<Map<string, Item>> {
    return this.run(async (connection) =>
      rowsById(await connection.all<ItemRow>(SQLITE_FIND_ITEMS, [JSON.stringify(ids)])),
    );
  }

  findRecords(keys: KeyIdentity[]): Promise<RecordedAnswer[]> {
    return this.run(async (connection) =>
      recordedAnswers(await connection.all<RecordRow>(SQLITE_FIND_RECORDS, [JSON.stringify(keys)])),
    );
  }

  async forgetRecord({ caller, key }: KeyIdentity, before: string): Promise<void> {
    await this.run((connection) => connection.all(SQLITE_FORGET_RECORD, [caller, key, before]));
  }

  async save(set: WriteSet, expiredBefore: string): Promise<void> {
    await this.file.requirePresent();
    await this.put(set, expiredBefore);
    await this.file.confirm();
  }

  async underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    await this.file.requirePresent();
    const result = await this.inTransaction(work);
    await this.file.confirm();
    return result;
  }

  // IMMEDIATE takes the lock at once: a transaction that reads before it writes would fail without waiting.
  private inTransaction<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    const session: WriteSession = {
      findMany: (ids) => this.findMany(ids),
      findRecords: (keys) => this.findRecords(keys),
      forgetRecord: (key, before) => this.forgetRecord(key, before),
      save: (set, expiredBefore) => this.put(set, expiredBefore),
    };
    return this.run(async (connection) => {
      await connection.exec('BEGIN IMMEDIATE');
      try {
        const result = await work(session);
        await connection.exec('COMMIT');
        return result;
      } catch (error) {
        this.isLeftOpen = true;
        await this.endWhatIsLeft().catch(ignoreUntilNextRun);
        throw error;
      }
    });
  }

  private async put({ changes, records }: WriteSet, expiredBefore: string): Promise<void> {
    const columns = [itemRows(changes), versionRows(changes), JSON.stringify(records), expiredBefore];
    await this.run((connection) => connection.all(SQLITE_PUT, columns));
  }

  private run<T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    return namingFaults(async () => {
      if (this.isLeftOpen) await this.endWhatIsLeft();
      return work(this.connection);
    });
  }

  private async endWhatIsLeft(): Promise<void> {
    await this.connection.exec('ROLLBACK').catch(ignoreEndedTransaction);
    this.isLeftOpen = false;
  }
}

// SQLite rolls a transaction back by itself when the disk is full (lang_transaction.html, "Response To Errors").
function ignoreEndedTransaction(error: Error): void {
  if (!error.message.includes('no transaction is active')) throw error;
}

// The next run tries the rollback again before it does anything else.
function ignoreUntilNextRun(): void {}
