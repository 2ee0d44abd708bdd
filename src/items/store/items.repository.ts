import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import type { DataSource, Repository } from 'typeorm';
import type { GroupCounts } from '../../counting/group-counts.js';
import { Database } from '../../database/database.js';
import { WRITER } from '../../database/database.module.js';
import { namingFaults } from '../../database/faults/database-fault.js';
import { Gatherer } from '../../database/gatherer.js';
import { SqliteConnection } from '../../database/sqlite/sqlite-connection.js';
import { TRACING, type Tracing } from '../../telemetry/tracing.js';
import { SqliteErasures } from '../erasure/sqlite-erasures.js';
import { IS_FILLING } from '../search/search.statements.js';
import { POSTGRES_IS_DUE, SQLITE_IS_DUE } from '../trimming/trimming.statements.js';
import { Item } from './item.entity.js';
import { rowsById, type ItemRow } from './items.rows.js';
import { POSTGRES_FIND_ITEMS, SQLITE_FIND_ITEMS } from './items.statements.js';
import { PostgresWriteSide } from './postgres-write-side.js';
import { SqliteWriteSide } from './sqlite-write-side.js';
import type { WriteSide } from './write-side.js';

/** SQLite's reader has one connection, PostgreSQL's a pool. */
const READ_LIMITS = { maxCalls: 500, maxBytes: Infinity };

/** Single items in the database; ItemLists has the lists. Every method throws DatabaseFault if the database is unavailable or refuses. */
@Injectable()
export class ItemsRepository implements OnApplicationShutdown {
  /** Reads for decisions, and writes. Reads for answers use another connection, and see only what is committed. */
  readonly writeSide: WriteSide;
  /** What the file keeps of erased content, on SQLite. */
  readonly erasures: SqliteErasures | undefined;
  /** The connection behind `items`, on SQLite. */
  private readonly reader: SqliteConnection | undefined;
  private readonly reads: Gatherer<string, Item | undefined>;

  constructor(
    @InjectRepository(Item) private readonly items: Repository<Item>,
    @InjectDataSource(WRITER) writer: DataSource,
    { sqliteWriter }: Database,
    @Inject(TRACING) tracing: Tracing,
  ) {
    const isPostgres = !sqliteWriter;
    this.writeSide = sqliteWriter ? new SqliteWriteSide(sqliteWriter) : new PostgresWriteSide(writer);
    this.erasures = sqliteWriter && new SqliteErasures(sqliteWriter);
    this.reader = isPostgres ? undefined : new SqliteConnection(items.manager.connection);
    const limits = { ...READ_LIMITS, maxGroupsInFlight: isPostgres ? 4 : 1 };
    this.reads = new Gatherer({ run: (ids) => this.readTogether(ids), traces: tracing.groups('read items') }, limits);
  }

  /** The groups in which single items are read. */
  get counts(): GroupCounts {
    return this.reads.counts;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.writeSide.close?.(), this.reader?.finalize()]);
  }

  /** The row of an id, a tombstone too; undefined if it was never used. Calls that wait are read by one statement. */
  find(id: string): Promise<Item | undefined> {
    return this.reads.call(id);
  }

  /** Whether any item was ever written. */
  async hasHistory(): Promise<boolean> {
    const rows = await namingFaults(() => this.items.query<unknown[]>('SELECT 1 FROM item_versions LIMIT 1'));
    return rows.length > 0;
  }

  /** Whether items of an older release are left that are not found yet. */
  async isSearchFilling(): Promise<boolean> {
    const rows = await namingFaults(() => this.items.query<unknown[]>(IS_FILLING));
    return rows.length > 0;
  }

  /** Whether the next version to be looked at for trimming was made before a time (RFC 3339, in UTC). */
  async isTrimmingDue(before: string): Promise<boolean> {
    const statement = this.reader ? SQLITE_IS_DUE : POSTGRES_IS_DUE;
    const rows = await namingFaults(() => this.items.query<unknown[]>(statement, [before]));
    return rows.length > 0;
  }

  private async readTogether(ids: string[]): Promise<(Item | undefined)[]> {
    const found = await namingFaults(() => this.findRows([...new Set(ids)]));
    const rows = rowsById(found);
    return ids.map((id) => rows.get(id));
  }

  private findRows(ids: string[]): Promise<ItemRow[]> {
    return this.reader
      ? this.reader.all(SQLITE_FIND_ITEMS, [JSON.stringify(ids)])
      : this.items.query(POSTGRES_FIND_ITEMS, [ids]);
  }
}
