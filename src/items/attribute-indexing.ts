import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../config/config.js';
import { LOGGER } from '../telemetry/logger.js';
import { BackgroundWork } from './background-work.js';
import { attributeIndexesOf } from './store/indexes/attribute-index.js';
import { openIndexSession } from './store/indexes/open-index-session.js';

/** Pause after an attempt that failed. */
const RETRY_MS = 60_000;

/**
 * Makes the indexes of INDEXED_ATTRIBUTES that the database does not have. Without them filters give the same items, only slower, so
 * nothing waits for them where they can be made beside the writes.
 */
@Injectable()
export class AttributeIndexing implements BeforeApplicationShutdown {
  private readonly work = new BackgroundWork();
  private isFailing = false;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'database' | 'indexedAttributes'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * On SQLite it settles once they are made or could not be made: writes would wait for each, so it must come before the first
   * request. On PostgreSQL they are made beside the requests.
   */
  async start(): Promise<void> {
    if (this.config.indexedAttributes.length === 0) return;
    if (this.config.database.engine === 'sqlite') await this.tryToMake();
    else this.work.start(() => this.keepTrying());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.stop();
  }

  private async keepTrying(): Promise<void> {
    while (!this.work.isStopped && !(await this.tryToMake())) {
      await this.work.pause(RETRY_MS);
    }
  }

  /** Whether all are there now. */
  private async tryToMake(): Promise<boolean> {
    try {
      await this.make();
      return true;
    } catch (error) {
      if (!this.work.isStopped) this.tellFailure(error);
      return false;
    }
  }

  // Once, however often it is tried again.
  private tellFailure(error: unknown): void {
    if (this.isFailing) return;
    this.isFailing = true;
    this.logger.warn(
      { err: error },
      'The indexes of INDEXED_ATTRIBUTES can’t be made now: filters are slower without them',
    );
  }

  private async make(): Promise<void> {
    const { database, indexedAttributes } = this.config;
    const session = await openIndexSession(database, this.work.signal);
    try {
      const indexes = indexedAttributes.flatMap((path) => attributeIndexesOf(path, database.engine));
      await session.make(indexes, ({ name, attribute, kind }, durationMs) => {
        this.logger.info({ index: name, attribute, kind, durationMs }, 'An index on an attribute was made');
      });
    } finally {
      await session.close();
    }
  }
}
