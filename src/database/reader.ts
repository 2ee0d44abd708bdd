import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { namingFaults } from './faults/database-fault.js';
import { SqliteConnection } from './sqlite/sqlite-connection.js';

/**
 * Reads that are short, each one statement that an index serves: nothing stops one that takes long, and on SQLite they share a
 * connection. They see what is committed.
 */
export class Reader implements OnApplicationShutdown {
  private readonly connection: SqliteConnection | undefined;

  constructor(
    private readonly source: DataSource,
    isFile: boolean,
  ) {
    this.connection = isFile ? new SqliteConnection(source) : undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.finalize();
  }

  /** The rows of a statement, which is prepared once on SQLite. Throws DatabaseFault. */
  rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return namingFaults(() => this.connection?.all<Row>(text, values) ?? this.source.query<Row[]>(text, values));
  }
}
