import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, MoreThan, type DataSource, type Repository } from 'typeorm';
import { WRITER } from '../database/database.module.js';
import { namingFaults } from '../database/database-fault.js';
import type { ItemVersion } from './item-version.js';
import { Item } from './item.entity.js';
import { SQLITE_PUT_ITEMS, SQLITE_PUT_VERSIONS, POSTGRES_PUT } from './items.statements.js';

/** A change that was decided on: the row as it will be, and its version. */
export interface Change {
  item: Item;
  version: ItemVersion;
}

/**
 * Items in the database. Every method throws DatabaseFault for what is nobody's mistake: unavailable, full, or a
 * conflict with another process.
 */
@Injectable()
export class ItemsRepository {
  constructor(
    @InjectRepository(Item) private readonly items: Repository<Item>,
    @InjectDataSource(WRITER) private readonly writer: DataSource,
  ) {}

  /** The rows of these ids, tombstones too; ids never used are absent. */
  findMany(ids: string[]): Promise<Map<string, Item>> {
    return rowsById(this.items, ids);
  }

  /** Up to `limit` items with an id after `after`, by code point of the id. */
  findPage(after: string | undefined, limit: number): Promise<Item[]> {
    const where = { deletedAt: IsNull(), ...(after !== undefined && { id: MoreThan(after) }) };
    return namingFaults(() => this.items.find({ where, order: { id: 'ASC' }, take: limit }));
  }

  /** Like findMany, on the writing side: what a change is decided on. */
  findManyToChange(ids: string[]): Promise<Map<string, Item>> {
    return rowsById(this.writer.getRepository(Item), ids);
  }

  /**
   * Writes all of the changes or none. Fault `conflict`: another process wrote one of the versions first, and
   * `UNIQUE (item_id, version)` kept ours out.
   */
  saveMany(changes: Change[]): Promise<void> {
    const items = JSON.stringify([...new Map(changes.map(({ item }) => [item.id, toRow(item)])).values()]);
    const versions = JSON.stringify(changes.map(({ version }) => toVersionRow(version)));
    return namingFaults(async () => {
      if (this.writer.options.type === 'postgres') await this.writer.query(POSTGRES_PUT, [items, versions]);
      else await this.saveOnSqlite(items, versions);
    });
  }

  // The writer of SQLite has one connection, and ItemsWriter waits for each call: nothing else joins this transaction.
  private async saveOnSqlite(items: string, versions: string): Promise<void> {
    await this.writer.query('BEGIN IMMEDIATE');
    try {
      await this.writer.query(SQLITE_PUT_VERSIONS, [versions]);
      await this.writer.query(SQLITE_PUT_ITEMS, [items]);
      await this.writer.query('COMMIT');
    } catch (error) {
      await this.writer.query('ROLLBACK').catch(ignoreEndedTransaction);
      throw error;
    }
  }
}

// SQLite ends a transaction by itself when the disk is full (lang_transaction.html, "Response To Errors").
function ignoreEndedTransaction(error: Error): void {
  if (!error.message.includes('no transaction is active')) throw error;
}

async function rowsById(repository: Repository<Item>, ids: string[]): Promise<Map<string, Item>> {
  const rows = await namingFaults(() => repository.findBy({ id: In(ids) }));
  return new Map(rows.map((row) => [row.id, row]));
}

// JSON inside the JSON parameter travels as a string, so that neither engine writes it anew.
function toRow(item: Item): object {
  return { ...item, attributes: JSON.stringify(item.attributes) };
}

function toVersionRow(version: ItemVersion): object {
  return { ...version, snapshot: version.snapshot && JSON.stringify(version.snapshot) };
}
