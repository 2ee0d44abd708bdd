import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { WRITER } from '../../database/database.module.js';
import { Database } from '../../database/database.js';
import { poolOf, withClient } from '../../database/postgres/postgres-client.js';
import { LOGGER } from '../../telemetry/logger.js';
import { BoundedMap } from './bounded-map.js';
import { MAX_KNOWN, USE_RECORDED_MS } from './key.limits.js';
import { POSTGRES_RECORD_USES, SQLITE_RECORD_USES } from './keys.statements.js';

/** How long PostgreSQL may take for a record, in milliseconds. */
const TIMEOUT_MS = 1_000;

/**
 * Records when keys were used last, beside the requests: nobody waits for it. Uses that come while some are recorded are
 * recorded together. What can't be recorded now is recorded with the next use of any key, or at the end of the process.
 */
@Injectable()
export class LastUses implements OnApplicationShutdown {
  /** By id: when the key was used, in milliseconds since 1970. */
  private waiting = new BoundedMap<string, number>(MAX_KNOWN);
  private recording: Promise<void> | undefined;

  constructor(
    @InjectDataSource(WRITER) private readonly writer: DataSource,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Notes that a key was used. To be called at most once a minute for each key. */
  note(id: string, atMs: number): void {
    this.waiting.set(id, atMs);
    this.recording ??= this.recordAll();
  }

  /** Waits until what was noted is recorded, or could not be. */
  async settled(): Promise<void> {
    await this.recording;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.settled();
    if (this.waiting.size > 0) await this.recordAll();
    await this.database.sqliteWriter?.finalize();
  }

  private async recordAll(): Promise<void> {
    let isGoingOn = true;
    while (isGoingOn && this.waiting.size > 0) {
      const uses = this.waiting;
      this.waiting = new BoundedMap(MAX_KNOWN);
      const left = await this.tryToRecord(uses);
      for (const id of left) if (!this.waiting.has(id)) this.waiting.set(id, uses.get(id)!);
      isGoingOn = left.length === 0;
    }
    this.recording = undefined;
  }

  /** The ids whose uses could not be recorded. */
  private async tryToRecord(uses: Map<string, number>): Promise<string[]> {
    try {
      return await this.record(JSON.stringify(Array.from(uses, useOf)));
    } catch (error) {
      this.logger.debug({ err: error }, 'The last use of API keys could not be recorded');
      return [...uses.keys()];
    }
  }

  private async record(uses: string): Promise<string[]> {
    const { sqliteWriter } = this.database;
    if (!sqliteWriter) {
      // pg reads the limit from the query, too.
      const query = { text: POSTGRES_RECORD_USES, values: [uses], query_timeout: TIMEOUT_MS };
      const { rows } = await withClient(poolOf(this.writer), (client) => client.query<{ id: string }>(query));
      return rows.map(({ id }) => id);
    }
    await sqliteWriter.file.requirePresent();
    await sqliteWriter.withoutWaiting((connection) => connection.all(SQLITE_RECORD_USES, [uses]));
    return [];
  }
}

function useOf([id, atMs]: [string, number]): { id: string; at: string; before: string } {
  return { id, at: new Date(atMs).toISOString(), before: new Date(atMs - USE_RECORDED_MS).toISOString() };
}
