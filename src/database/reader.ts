import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { namingFaultsOfReads } from './faults/database-fault.js';
import { SqliteConnection } from './sqlite/sqlite-connection.js';
import type { SqliteFile } from './sqlite/sqlite-file.js';

/**
 * Reads that are short, each one statement that an index serves: nothing stops one that takes long, and on SQLite they share a
 * connection. They see what is committed.
 */
export class Reader implements OnApplicationShutdown {
  private readonly connection: SqliteConnection | undefined;

  constructor(
    private readonly source: DataSource,
    /** Only on SQLite. */
    private readonly file: SqliteFile | undefined,
  ) {
    this.connection = file ? new SqliteConnection(source) : undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.finalize();
  }

  /** The rows of a statement, which is prepared once on SQLite. Throws DatabaseFault. */
  rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return namingFaultsOfReads(
      () => this.connection?.all<Row>(text, values) ?? this.source.query<Row[]>(text, values),
      this.file?.condition.met,
    );
  }
}
