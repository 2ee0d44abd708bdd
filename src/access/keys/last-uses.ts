import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { WRITER } from '../../database/database.module.js';
import { Database } from '../../database/database.js';
import { poolOf, withClient } from '../../database/postgres/postgres-client.js';
import { LOGGER } from '../../telemetry/logger.js';
import { USE_RECORDED_MS } from './key.limits.js';
import { POSTGRES_RECORD_USES, SQLITE_RECORD_USES } from './keys.statements.js';

/** How long PostgreSQL may take for a record, in milliseconds. */
const TIMEOUT_MS = 1_000;

/**
 * Records when keys were used last, beside the requests: nobody waits for it. Uses that come while some are recorded are
 * recorded together. What can't be recorded now is left out.
 */
@Injectable()
export class LastUses implements OnApplicationShutdown {
  /** By id: when the key was used, in milliseconds since 1970. */
  private waiting = new Map<string, number>();
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

  /** Waits for what is being recorded, and records nothing more. */
  async onApplicationShutdown(): Promise<void> {
    this.waiting.clear();
    await this.recording;
    await this.database.sqliteWriter?.finalize();
  }

  private async recordAll(): Promise<void> {
    while (this.waiting.size > 0) {
      const uses = this.waiting;
      this.waiting = new Map();
      await this.record(JSON.stringify(Array.from(uses, useOf))).catch((error: Error) => {
        this.logger.debug({ err: error }, 'The last use of API keys could not be recorded');
      });
    }
    this.recording = undefined;
  }

  private async record(uses: string): Promise<void> {
    const { sqliteWriter } = this.database;
    if (!sqliteWriter) {
      // pg reads the limit from the query, too.
      const query = { text: POSTGRES_RECORD_USES, values: [uses], query_timeout: TIMEOUT_MS };
      await withClient(poolOf(this.writer), (client) => client.query(query));
      return;
    }
    await sqliteWriter.file.requirePresent();
    await sqliteWriter.withoutWaiting((connection) => connection.all(SQLITE_RECORD_USES, [uses]));
  }
}

function useOf([id, atMs]: [string, number]): { id: string; at: string; before: string } {
  return { id, at: new Date(atMs).toISOString(), before: new Date(atMs - USE_RECORDED_MS).toISOString() };
}
