import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions, type Entities } from './data-source-options.js';
import { DatabaseFault } from './faults/database-fault.js';
import { placeOf } from './database-place.js';
import { openDatabase, unusable, waitingForLock, type Opened } from './open-database.js';
import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA, NEWER_MIGRATIONS } from './migrations/schema.js';
import { LogKeeper } from './sqlite/log-keeper.js';
import { SqliteFile } from './sqlite/sqlite-file.js';
import { SqliteWriter } from './sqlite/sqlite-writer.js';

/** What the database allows now, and whether its schema is of a newer release, which said that it is compatible. */
export interface DatabaseState {
  access: 'writable' | 'read-only' | 'damaged';
  isNewer: boolean;
}

/** The service's database: a writer and a reader, which `open()` connects. */
export class Database implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly writer: DataSource;
  readonly reader: DataSource;
  /** Only on SQLite. */
  readonly file: SqliteFile | undefined;
  /** Only on SQLite: what every write goes through. */
  readonly sqliteWriter: SqliteWriter | undefined;
  private readonly logKeeper: LogKeeper | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly config: DatabaseConfig,
    entities: Entities,
    private readonly logger: Logger,
  ) {
    this.writer = new DataSource(dataSourceOptions(config, 'writer', entities));
    this.reader = new DataSource(dataSourceOptions(config, 'reader', entities));
    this.file = config.engine === 'sqlite' ? new SqliteFile(config.path, logger) : undefined;
    this.sqliteWriter = this.file && new SqliteWriter(this.writer, this.file, config.timeoutMs);
    this.logKeeper = this.sqliteWriter && new LogKeeper(this.sqliteWriter, logger);
  }

  /**
   * Creates the database if it is missing, migrates it, and connects. Then runs `rehearse`, a write that is taken back,
   * unless the database is read-only now. Throws DatabaseUnusable.
   */
  async open(rehearse: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    const opened = await openDatabase(this.config, this.writer, this.reader, signal);
    this.tell(opened);
    try {
      if (!opened.isReadOnly) await waitingForLock(rehearse, signal);
      await this.file?.remember();
    } catch (error) {
      for (const source of [this.writer, this.reader]) if (source.isInitialized) await source.destroy();
      throw unusable(this.config, error);
    }
  }

  /** Queries both sides, and tries to write if the last change could not be written. Throws DatabaseFault `unavailable`. */
  async state(): Promise<DatabaseState> {
    try {
      const [state] = await Promise.all([this.writerState(), this.reader.query('SELECT 1')]);
      await this.file?.requireFiles();
      return state;
    } catch (error) {
      throw new DatabaseFault('unavailable', error instanceof DatabaseFault ? error.cause : error);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.logKeeper?.stop();
  }

  /** Stops an `open()` that still runs. */
  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async writerState(): Promise<DatabaseState> {
    const readOnly = this.file ? 'false' : `current_setting('transaction_read_only') = 'on'`;
    const question = `
SELECT ${readOnly} AS "isReadOnly", EXISTS (${FOREIGN_MIGRATIONS}) AS "isForeign", EXISTS (${NEWER_MIGRATIONS}) AS "isNewer"`;
    // An SQLite file is asked by its reader: the writer may wait for the lock of another process.
    const side = this.file ? this.reader : this.writer;
    const [answer] = await side.query<Record<'isReadOnly' | 'isForeign' | 'isNewer', boolean | 0 | 1>[]>(question);
    if (answer?.isForeign) throw new Error(FOREIGN_SCHEMA);
    const isReadOnly = this.sqliteWriter ? !(await this.sqliteWriter.isWritable()) : answer?.isReadOnly;
    if (this.file?.condition.isDamaged) return { access: 'damaged', isNewer: Boolean(answer?.isNewer) };
    return { access: isReadOnly ? 'read-only' : 'writable', isNewer: Boolean(answer?.isNewer) };
  }

  private tell({ isNew, isReadOnly, migrated }: Opened): void {
    const place = placeOf(this.config);
    if (isNew) this.logger.info({ database: place }, 'A new database was created');
    for (const one of migrated) this.logger.info(one, 'The database was migrated');
    if (isReadOnly) {
      this.logger.warn({ database: place }, 'The database is read-only now: changes get 503 until it takes them again');
    }
  }
}
