import { DataSource } from 'typeorm';
import type { Pool } from 'pg';
import type { DatabaseConfig } from '../config/config.js';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseFault, namingFaultsOfReads } from './faults/database-fault.js';
import { poolOf, withClient } from './postgres/postgres-client.js';
import { SqliteConnection } from './sqlite/sqlite-connection.js';
import type { SqliteFile } from './sqlite/sqlite-file.js';
import { settleReader } from './sqlite/sqlite-settings.js';

/** Who reads: lists and the history, several at once, or the change feed, one by one. */
export type Role = 'lists' | 'feed';

/** A statement and its parameters. */
export interface Query {
  text: string;
  values: unknown[];
}

/** Runs one query at a time. Error: that of the driver. */
type Run = (query: Query) => Promise<unknown[]>;

/** Connections on which the database stops queries that take longer than QUERY_TIMEOUT_MS. They are made with the first query. */
export class TimedConnections {
  private readonly sources: DataSource[] = [];
  private readonly connections: SqliteConnection[] = [];
  private free: Promise<Run[]> | undefined;

  constructor(
    private readonly config: DatabaseConfig,
    /** Only on SQLite. */
    private readonly file: SqliteFile | undefined,
    private readonly role: Role,
    /** How many queries run at once. */
    private readonly atOnce: number,
  ) {}

  /** The connections to PostgreSQL, once there are some. */
  get pool(): Pool | undefined {
    const [source] = this.sources;
    return this.config.engine === 'postgres' && source?.isInitialized ? poolOf(source) : undefined;
  }

  /** The rows of a query. Nobody may ask while as many run as can. Throws DatabaseFault: `too-slow` if it was stopped. */
  rows(query: Query): Promise<unknown[]> {
    return namingFaultsOfReads(async () => {
      const free = await this.connected();
      const run = free.pop()!;
      try {
        return await run(query);
      } catch (error) {
        throw isStopped(error) ? new DatabaseFault('too-slow', error) : error;
      } finally {
        free.push(run);
      }
    }, this.file?.condition.met);
  }

  /** Closes them, after those that are being made. */
  async end(): Promise<void> {
    await this.free?.catch(() => []);
    await this.close();
  }

  private async close(): Promise<void> {
    for (const one of this.connections.splice(0)) await one.finalize();
    for (const source of this.sources.splice(0)) if (source.isInitialized) await source.destroy();
  }

  private connected(): Promise<Run[]> {
    this.free ??= (this.config.engine === 'sqlite' ? this.openFile() : this.openPool()).catch(
      async (error: unknown) => {
        // Only then may others be made: it would take those for its own.
        await this.close().finally(() => (this.free = undefined));
        throw error;
      },
    );
    return this.free;
  }

  private async openPool(): Promise<Run[]> {
    const source = await this.connect();
    const run: Run = ({ text, values }) =>
      withClient(poolOf(source), async (client) => (await client.query<object>(text, values)).rows);
    return Array.from({ length: this.atOnce }, () => run);
  }

  private async openFile(): Promise<Run[]> {
    const { longReads } = this.file!;
    await this.file!.requireFiles();
    const opening = Array.from({ length: this.atOnce }, async (): Promise<Run> => {
      const source = await this.connect();
      await settleReader(source);
      const connection = new SqliteConnection(source);
      this.connections.push(connection);
      return ({ text, values }) =>
        longReads.during(() => this.interrupting(connection, () => connection.all(text, values)));
    });
    // If one fails, the others are closed, which is possible once they are open.
    await Promise.allSettled(opening);
    return Promise.all(opening);
  }

  private async connect(): Promise<DataSource> {
    const source = new DataSource(dataSourceOptions(this.config, this.role, []));
    this.sources.push(source);
    return source.initialize();
  }

  private async interrupting<T>(connection: SqliteConnection, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => connection.interrupt(), this.config.queryTimeoutMs);
    try {
      return await work();
    } finally {
      // Before anything else uses the connection.
      clearTimeout(timer);
    }
  }
}

/** SQLITE_INTERRUPT; 57014 query_canceled, by statement_timeout (PostgreSQL, appendix A). */
function isStopped(error: unknown): boolean {
  const cause: unknown = error instanceof DatabaseFault ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return code === 'SQLITE_INTERRUPT' || code === '57014';
}
