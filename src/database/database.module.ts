import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import type { Entities } from './data-source-options.js';
import { Database } from './database.js';
import type { Tracing } from '../telemetry/tracing.js';
import { Reader } from './reader.js';
import { FEED_HEAD, FEED_PAGES, TimedQueries } from './timed-queries.js';

/** Name of the writing DataSource: `@InjectDataSource(WRITER)`. The reading one is TypeORM's default. */
export const WRITER = 'writer';

/** The database, and its reader and writer for TypeORM's decorators. Nest closes them after the last request. */
@Module({})
export class DatabaseModule {
  static forRoot(config: DatabaseConfig, entities: Entities, logger: Logger, tracing: Tracing): DynamicModule {
    const database = new Database(config, entities, logger);
    return {
      module: DatabaseModule,
      global: true,
      imports: [injectable(database.writer, WRITER), injectable(database.reader)],
      providers: [
        { provide: Database, useValue: database },
        {
          provide: TimedQueries,
          useValue: new TimedQueries(config, database.file, 'lists', tracing.groups('read list')),
        },
        {
          provide: FEED_PAGES,
          useValue: new TimedQueries(config, database.file, 'feed', tracing.groups('read changes')),
        },
        { provide: FEED_HEAD, useValue: new TimedQueries(config, database.file, 'feed') },
      ],
      exports: [Database, TimedQueries, FEED_HEAD, FEED_PAGES],
    };
  }
}

const reader: FactoryProvider<Reader> = {
  provide: Reader,
  useFactory: (database: Database) => new Reader(database.reader, database.file),
  inject: [Database],
};

/**
 * Short reads. Not global: Nest ends global modules last, those of the connections first among them, and SQLite can't close one while
 * statements are prepared on it.
 */
@Module({ providers: [reader], exports: [reader] })
export class ReaderModule {}

/** `Database.open()` connects it. */
function injectable(source: DataSource, name?: string): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name,
    useFactory: () => ({ manualInitialization: true }),
    dataSourceFactory: () => Promise.resolve(source),
  });
}
