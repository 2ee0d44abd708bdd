import type { DataSource } from 'typeorm';
import { namingFaults } from '../database/database-fault.js';
import type { KeyIdentity } from '../idempotency/idempotency-record.entity.js';
import type { Item } from './item.entity.js';
import { itemRows, recordedAnswers, rowsById, versionRows, type ItemRow, type RecordRow } from './items.rows.js';
import type { RecordedAnswer, WriteSet } from './items.rules.js';
import {
  SQLITE_FIND_ITEMS,
  SQLITE_FIND_RECORDS,
  SQLITE_FORGET_RECORD,
  SQLITE_FORGET_RECORDS,
  SQLITE_PUT_ITEMS,
  SQLITE_PUT_RECORDS,
  SQLITE_PUT_VERSIONS,
} from './items.statements.js';
import type { WriteSession, WriteSide } from './write-side.js';

/**
 * SQLite has one writer, whose one connection knows one transaction: nothing else may use it while a set is under way.
 */
export class SqliteWriteSide implements WriteSide {
  readonly maxGroupsInFlight = 1;

  constructor(private readonly writer: DataSource) {}

  findMany(ids: string[]): Promise<Map<string, Item>> {
    return namingFaults(async () =>
      rowsById(await this.writer.query<ItemRow[]>(SQLITE_FIND_ITEMS, [JSON.stringify(ids)])),
    );
  }

  findRecords(keys: KeyIdentity[]): Promise<RecordedAnswer[]> {
    return namingFaults(async () =>
      recordedAnswers(await this.writer.query<RecordRow[]>(SQLITE_FIND_RECORDS, [JSON.stringify(keys)])),
    );
  }

  async forgetRecord({ caller, key }: KeyIdentity, before: string): Promise<void> {
    await namingFaults(() => this.writer.query(SQLITE_FORGET_RECORD, [caller, key, before]));
  }

  save(set: WriteSet, expiredBefore: string): Promise<void> {
    return this.inTransaction(() => this.put(set, expiredBefore));
  }

  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    const session: WriteSession = {
      findMany: (ids) => this.findMany(ids),
      findRecords: (keys) => this.findRecords(keys),
      forgetRecord: (key, before) => this.forgetRecord(key, before),
      save: (set, expiredBefore) => namingFaults(() => this.put(set, expiredBefore)),
    };
    return this.inTransaction(() => work(session));
  }

  private async put({ changes, records }: WriteSet, expiredBefore: string): Promise<void> {
    if (changes.length > 0) {
      await this.writer.query(SQLITE_PUT_VERSIONS, [versionRows(changes)]);
      await this.writer.query(SQLITE_PUT_ITEMS, [itemRows(changes)]);
    }
    if (records.length > 0) {
      await this.writer.query(SQLITE_PUT_RECORDS, [JSON.stringify(records)]);
      await this.writer.query(SQLITE_FORGET_RECORDS, [expiredBefore]);
    }
  }

  private async inTransaction<T>(work: () => Promise<T>): Promise<T> {
    return namingFaults(async () => {
      await this.writer.query('BEGIN IMMEDIATE');
      try {
        const result = await work();
        await this.writer.query('COMMIT');
        return result;
      } catch (error) {
        await this.writer.query('ROLLBACK').catch(ignoreEndedTransaction);
        throw error;
      }
    });
  }
}

// SQLite ends a transaction by itself when the disk is full (lang_transaction.html, "Response To Errors").
function ignoreEndedTransaction(error: Error): void {
  if (!error.message.includes('no transaction is active')) throw error;
}
