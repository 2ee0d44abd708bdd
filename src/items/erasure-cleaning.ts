import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DatabaseFault } from '../database/faults/database-fault.js';
import { LOGGER } from '../telemetry/logger.js';
import { BackgroundWork } from './background-work.js';
import type { SqliteErasures } from './erasure/sqlite-erasures.js';
import { ItemsRepository } from './store/items.repository.js';

/** Pause between two steps, which is for the writes of others. */
const PAUSE_MS = 5;

/** It rests so many times as long as it kept writes waiting. */
const RESTS = 10;

/** Pause after others kept the log from being emptied. */
const RETRY_MS = 200;

/** The same once a warning has said so. Each try keeps writes waiting. */
const RETRY_TOLD_MS = 10_000;

/** Pause after a step that failed; twice as long after each further one. */
const RETRY_FAILED_MS = { first: 1_000, longest: 60_000 };

/** Failed attempts to empty the log before a warning. */
const TRIES_BEFORE_TOLD = 50;

/**
 * Gets erased content out of an SQLite file, after the answer and beside the requests. The file knows what is left to do, so a process
 * that is killed leaves it to the next start.
 */
@Injectable()
export class ErasureCleaning implements BeforeApplicationShutdown {
  private readonly work = new BackgroundWork();
  private failures = 0;

  constructor(
    private readonly repository: ItemsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Begins, or begins once more when it has ended. To be called at the start, and after each erasure. */
  start(): void {
    const { erasures } = this.repository;
    if (erasures) this.work.start(() => this.run(erasures));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.stop();
  }

  private async run(erasures: SqliteErasures): Promise<void> {
    while (!this.work.isStopped) {
      try {
        return await this.cleanAll(erasures);
      } catch (error) {
        if (!this.work.isStopped) this.tellFailure(error);
        const { first, longest } = RETRY_FAILED_MS;
        await this.work.pause(Math.min(longest, first * 2 ** (this.failures - 1)));
      }
    }
  }

  private async cleanAll(erasures: SqliteErasures): Promise<void> {
    // What is erased meanwhile may be in a part that was merged already, so it gets its own turn.
    for (let last = await erasures.last(); last; last = await erasures.last()) {
      const beganAt = performance.now();
      for (let isMore = await erasures.beginMerge(); isMore; isMore = await erasures.goOnMerging()) {
        await this.pause(PAUSE_MS);
      }
      const mergedAt = performance.now();
      const isRewritten = await erasures.rewrite();
      const restMs = mergedAt - beganAt + RESTS * (performance.now() - mergedAt);
      for (let tries = 1; !(await erasures.emptyLog()); tries += 1) {
        if (tries === TRIES_BEFORE_TOLD)
          this.logger.warn('Erased content stays in the log of the database while others read it');
        await this.pause(tries < TRIES_BEFORE_TOLD ? RETRY_MS : RETRY_TOLD_MS);
      }
      await erasures.forget(last);
      this.tell(last.count, isRewritten);
      this.failures = 0;
      await this.pause(restMs);
    }
  }

  private tell(erasures: number, isRewritten: boolean): void {
    if (isRewritten) this.logger.info({ erasures }, 'Erased content is gone from the database file');
    else {
      this.logger.warn(
        { erasures },
        'Erased content was overwritten in the database file. It is too large to be rewritten, or the disk has no room for that, so copies may be left in unused parts of its pages: VACUUM removes them',
      );
    }
  }

  private tellFailure(error: unknown): void {
    if (!(error instanceof DatabaseFault)) throw error;
    this.failures += 1;
    if (this.failures === 1)
      this.logger.warn({ err: error }, 'Erased content can’t be removed from the database file now');
  }

  /** Rejects if the service stops. */
  private async pause(ms: number): Promise<void> {
    await this.work.pause(ms);
    this.work.signal.throwIfAborted();
  }
}
