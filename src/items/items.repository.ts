import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, MoreThan, type DataSource, type EntityManager, type Repository } from 'typeorm';
import { WRITER } from '../database/database.module.js';
import { namingFaults } from '../database/database-fault.js';
import { Item } from './item.entity.js';
import type { Change } from './items.rules.js';
import { POSTGRES_PUT, POSTGRES_TAKE_TURN, SQLITE_PUT_ITEMS, SQLITE_PUT_VERSIONS } from './items.statements.js';

/** What a change is decided on, and where it is written. */
export interface WriteSide {
  /** The rows of these ids, tombstones too; ids never used are absent. */
  findMany(ids: string[]): Promise<Map<string, Item>>;
  /**
   * Writes all of the changes or none. Fault `conflict`: another process wrote one of the versions first, and
   * `UNIQUE (item_id, version)` kept ours out.
   */
  saveMany(changes: Change[]): Promise<void>;
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

  /** How many writes may be under way at once: SQLite has one writer, and the pool of PostgreSQL two connections. */
  get maxWritesInFlight(): number {
    return this.isPostgres ? 2 : 1;
  }

  /** Reads without a lock, and writes each set in a transaction of its own. */
  get writeSide(): WriteSide {
    const { manager } = this.writer;
    const save = this.isPostgres ? saveOnPostgres : this.inTransaction(saveOnSqlite);
    return {
      findMany: (ids) => rowsById(manager.getRepository(Item), ids),
      saveMany: (changes) => namingFaults(() => save(manager, changes)),
    };
  }

  /** Lets nobody else write until `work` is done; what it writes is kept if it succeeds. */
  underLock<T>(work: (side: WriteSide) => Promise<T>): Promise<T> {
    const save = this.isPostgres ? saveOnPostgres : saveOnSqlite;
    const locked = (manager: EntityManager) =>
      work({
        findMany: (ids) => rowsById(manager.getRepository(Item), ids),
        saveMany: (changes) => namingFaults(() => save(manager, changes)),
      });
    if (!this.isPostgres) return namingFaults(() => this.inTransaction(locked)(this.writer.manager));
    const inTurn = async (manager: EntityManager) => {
      // In a statement of its own: one that also read would read from before the wait.
      await manager.query(POSTGRES_TAKE_TURN);
      return locked(manager);
    };
    return namingFaults(() => this.writer.transaction(inTurn));
  }

  private get isPostgres(): boolean {
    return this.writer.options.type === 'postgres';
  }

  // The writer of SQLite has one connection, and ItemsWriter one group in flight: nothing else joins this transaction.
  private inTransaction<Rest extends unknown[], T>(work: (manager: EntityManager, ...rest: Rest) => Promise<T>) {
    return async (manager: EntityManager, ...rest: Rest): Promise<T> => {
      await manager.query('BEGIN IMMEDIATE');
      try {
        const result = await work(manager, ...rest);
        await manager.query('COMMIT');
        return result;
      } catch (error) {
        await manager.query('ROLLBACK').catch(ignoreEndedTransaction);
        throw error;
      }
    };
  }
}

async function saveOnSqlite(manager: EntityManager, changes: Change[]): Promise<void> {
  await manager.query(SQLITE_PUT_VERSIONS, [versionRows(changes)]);
  await manager.query(SQLITE_PUT_ITEMS, [itemRows(changes)]);
}

async function saveOnPostgres(manager: EntityManager, changes: Change[]): Promise<void> {
  await manager.query(POSTGRES_PUT, [itemRows(changes), versionRows(changes)]);
}

// SQLite ends a transaction by itself when the disk is full (lang_transaction.html, "Response To Errors").
function ignoreEndedTransaction(error: Error): void {
  if (!error.message.includes('no transaction is active')) throw error;
}

async function rowsById(repository: Repository<Item>, ids: string[]): Promise<Map<string, Item>> {
  const rows = await namingFaults(() => repository.findBy({ id: In(ids) }));
  return new Map(rows.map((row) => [row.id, row]));
}

// JSON inside the JSON parameter travels as a string, so that neither engine writes it anew. An item that changed more
// than once in the set is written as it was last.
function itemRows(changes: Change[]): string {
  const rows = changes.map(({ item }): [string, object] => [
    item.id,
    { ...item, attributes: JSON.stringify(item.attributes) },
  ]);
  return JSON.stringify([...new Map(rows).values()]);
}

function versionRows(changes: Change[]): string {
  return JSON.stringify(
    changes.map(({ version }) => ({ ...version, snapshot: version.snapshot && JSON.stringify(version.snapshot) })),
  );
}
