import type { OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions, type Entities } from './data-source-options.js';
import { openDatabase } from './open-database.js';

/** The service's database: two sides of it, which are connected once it is open. */
export class Database implements OnApplicationShutdown {
  readonly writer: DataSource;
  readonly reader: DataSource;
  /** Whether this start made the SQLite file. */
  isNew = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly config: DatabaseConfig,
    entities: Entities,
  ) {
    this.writer = new DataSource(dataSourceOptions(config, 'writer', entities));
    this.reader = new DataSource(dataSourceOptions(config, 'reader', entities));
  }

  /** Makes the database if it is not there, brings its schema up to date, and connects. Throws DatabaseUnusable. */
  async open(): Promise<void> {
    this.isNew = await openDatabase(this.config, this.writer, this.reader, this.stopping.signal);
  }

  /** Gives up opening it, if that is under way. */
  onApplicationShutdown(): void {
    this.stopping.abort();
  }
}
