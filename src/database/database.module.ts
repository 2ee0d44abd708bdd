import { Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions, type Entities } from './data-source-options.js';
import { openReader, openWriter } from './open-database.js';

/** Name of the writing DataSource: `@InjectDataSource(WRITER)`. The reading one is TypeORM's default. */
export const WRITER = 'writer';

/** Says whether this start made the SQLite file. */
export class DatabaseOrigin {
  isNew = false;
}

/** Opens the writer, migrates, then opens the reader; closes both after the last request. */
@Module({})
export class DatabaseModule {
  static forRoot(database: DatabaseConfig, entities: Entities): DynamicModule {
    const origin = new DatabaseOrigin();
    const writer = TypeOrmModule.forRootAsync({
      name: WRITER,
      useFactory: () => ({ ...dataSourceOptions(database, 'writer', entities), toRetry: () => false }),
      dataSourceFactory: async () => {
        const opened = await openWriter(database, entities);
        origin.isNew = opened.isNew;
        return opened.writer;
      },
    });
    const reader = TypeOrmModule.forRootAsync({
      // The file and its tables must be there before the reader looks.
      inject: [getDataSourceToken(WRITER)],
      useFactory: (_writer: DataSource) => ({
        ...dataSourceOptions(database, 'reader', entities),
        toRetry: () => false,
      }),
      dataSourceFactory: () => openReader(database, entities),
    });
    return {
      module: DatabaseModule,
      global: true,
      imports: [writer, reader],
      providers: [{ provide: DatabaseOrigin, useValue: origin }],
      exports: [DatabaseOrigin],
    };
  }
}
