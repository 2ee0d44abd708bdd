import type { DataSource } from 'typeorm';
import { namingFaults } from '../database/database-fault.js';
import type { Item } from './item.entity.js';
import { itemRows, rowsById, versionRows, type ItemRow } from './items.rows.js';
import type { Change } from './items.rules.js';
import { SQLITE_FIND_ITEMS, SQLITE_PUT_ITEMS, SQLITE_PUT_VERSIONS } from './items.statements.js';
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

  saveMany(changes: Change[]): Promise<void> {
    return this.inTransaction(() => this.put(changes));
  }

  underLock<T>(work: (session: WriteSession) => Promise<T>): Promise<T> {
    const session: WriteSession = {
      findMany: (ids) => this.findMany(ids),
      saveMany: (changes) => namingFaults(() => this.put(changes)),
    };
    return this.inTransaction(() => work(session));
  }

  private async put(changes: Change[]): Promise<void> {
    await this.writer.query(SQLITE_PUT_VERSIONS, [versionRows(changes)]);
    await this.writer.query(SQLITE_PUT_ITEMS, [itemRows(changes)]);
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
