import type { OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Pool } from 'pg';
import type { DatabaseConfig } from '../config/config.js';
import type { GroupCounts } from '../counting/group-counts.js';
import { dataSourceOptions } from './data-source-options.js';
import { DatabaseFault, namingFaultsOfReads } from './faults/database-fault.js';
import type { GroupTraces } from '../telemetry/tracing.js';
import { Gatherer } from './gatherer.js';
import { poolOf, withClient } from './postgres/postgres-client.js';
import { SqliteConnection } from './sqlite/sqlite-connection.js';
import type { SqliteFile } from './sqlite/sqlite-file.js';
import { settleReader } from './sqlite/sqlite-settings.js';

/**
 * How many queries run at once. Each takes one of Node's four threads on SQLite, where the writer and the reader of single
 * items need two.
 */
export const QUERIES_AT_ONCE = { sqlite: 2, postgres: 4 };

/** Injection token of the {@link TimedQueries} for pages of changes. */
export const FEED_PAGES = Symbol('FeedPages');

/** Injection token of the {@link TimedQueries} of the one reader for all who follow the changes. */
export const FEED_HEAD = Symbol('FeedHead');

/** Who reads: lists and the history, several at once, or the change feed, one by one. */
type Role = 'lists' | 'feed';

/** A query, its parameters, and when it came, in milliseconds of the process. `key` tells it from those that are not the same. */
interface Query {
  key: string;
  text: string;
  values: unknown[];
  cameAt: number;
  hasBegun: boolean;
}

/** Runs one query at a time. Error: that of the driver. */
type Run = (query: Query) => Promise<unknown[]>;

/**
 * Reads that may take long. They have connections of their own, so that reads of single items and changes never wait for them, and the
 * database stops those that take longer than QUERY_TIMEOUT_MS. It connects with the first one.
 */
export class TimedQueries implements OnApplicationShutdown {
  private readonly gatherer: Gatherer<Query, unknown[]>;
  /** How many queries were given up, since others kept them waiting. */
  crowded = 0;
  private readonly sources: DataSource[] = [];
  private readonly connections: SqliteConnection[] = [];
  private readonly atOnce: number;
  private free: Promise<Run[]> | undefined;
  /** The queries that have not begun, by their keys. */
  private readonly waiting = new Map<string, Promise<unknown[]>>();

  constructor(
    private readonly config: DatabaseConfig,
    /** Only on SQLite. */
    private readonly file: SqliteFile | undefined,
    private readonly role: Role = 'lists',
    traces?: GroupTraces,
  ) {
    const run = ([query]: Query[]) => this.run(query!).then((rows) => [rows]);
    this.atOnce = role === 'feed' ? 1 : QUERIES_AT_ONCE[config.engine];
    const maxGroupsInFlight = this.atOnce;
    this.gatherer = new Gatherer({ run, traces }, { maxCalls: 1, maxBytes: Infinity, maxGroupsInFlight });
  }

  /**
   * The rows of a query, which must not be changed: callers that wait for the same one share them. It begins after they came, so they see
   * every change that was answered before. Throws DatabaseFault: `too-slow` if it was stopped, `crowded` if others kept it waiting for as long.
   */
  rows<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const key = `${text}\n${JSON.stringify(values)}`;
    const known = this.waiting.get(key);
    if (known) return known as Promise<Row[]>;
    const query = { key, text, values, cameAt: performance.now(), hasBegun: false };
    const rows = this.gatherer.call(query);
    if (!query.hasBegun) this.waiting.set(key, rows);
    return rows as Promise<Row[]>;
  }

  get counts(): GroupCounts {
    return this.gatherer.counts;
  }

  /** Its connections, once it is connected to PostgreSQL. */
  get pool(): Pool | undefined {
    const [source] = this.sources;
    return this.config.engine === 'postgres' && source?.isInitialized ? poolOf(source) : undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.free?.catch(() => []);
    await this.close();
  }

  private async close(): Promise<void> {
    for (const one of this.connections.splice(0)) await one.finalize();
    for (const source of this.sources.splice(0)) if (source.isInitialized) await source.destroy();
  }

  private run(query: Query): Promise<unknown[]> {
    query.hasBegun = true;
    this.waiting.delete(query.key);
    return namingFaultsOfReads(async () => {
      const waitedMs = performance.now() - query.cameAt;
      if (waitedMs > this.config.queryTimeoutMs) {
        this.crowded += 1;
        throw new DatabaseFault('crowded', new Error(`it waited ${Math.round(waitedMs)} ms for other queries`));
      }
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

  private connected(): Promise<Run[]> {
    this.free ??= (this.config.engine === 'sqlite' ? this.openFile() : this.openPool()).catch(
      async (error: unknown) => {
        this.free = undefined;
        await this.close();
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
    return Promise.all(
      Array.from({ length: this.atOnce }, async (): Promise<Run> => {
        const source = await this.connect();
        await settleReader(source);
        const connection = new SqliteConnection(source);
        this.connections.push(connection);
        return ({ text, values }) =>
          longReads.during(() => this.interrupting(connection, () => connection.all(text, values)));
      }),
    );
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
