import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../config/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { DatabaseFault } from '../database/faults/database-fault.js';
import { LOGGER } from '../telemetry/logger.js';
import { BackgroundWork } from './background-work.js';
import type { TrimLimits } from './trimming/trim-step.js';
import { ItemsRepository } from './store/items.repository.js';

/** Versions that a step looks at: few enough that writes wait for milliseconds only. */
export const STEP_VERSIONS = 200;

/** Pause between two steps, which is for the writes of others. */
const PAUSE_MS = 100;

/** Pause before the next look if nothing is left to trim, or if it can't be done now. */
const LOOK_MS = 60_000;

const HOUR_MS = 3_600_000;

/**
 * Deletes what HISTORY_RETENTION_DAYS no longer keeps, beside the requests. Each step is a transaction that notes how far it came, so a
 * process that is killed loses one step at most. Several processes share the work.
 */
@Injectable()
export class HistoryTrimming implements BeforeApplicationShutdown {
  private readonly work = new BackgroundWork();
  private isFailing = false;

  constructor(
    private readonly repository: ItemsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'historyRetentionDays' | 'idempotencyTtlHours'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Begins, if there is anything to do with this configuration. */
  start(): void {
    if (this.config.historyRetentionDays !== undefined) this.work.start(() => this.keepTrimming());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.stop();
  }

  /** Trims all that is due now, and gives the number of versions. Throws DatabaseFault. */
  async trimDue(): Promise<number> {
    const { historyRetentionDays: days } = this.config;
    if (days === undefined) return 0;
    let deleted = 0;
    while (!this.work.isStopped && (await this.repository.isTrimmingDue(this.limits(days).before))) {
      const step = await this.repository.writeSide.trimVersions(this.limits(days));
      deleted += step.deleted;
      if (step.walked < STEP_VERSIONS) break;
      await this.work.pause(PAUSE_MS);
    }
    return deleted;
  }

  private async keepTrimming(): Promise<void> {
    while (!this.work.isStopped) {
      await this.tryToTrim();
      await this.work.pause(LOOK_MS);
    }
  }

  private async tryToTrim(): Promise<void> {
    try {
      const versions = await this.trimDue();
      if (versions > 0) this.logger.info({ versions }, 'Old versions of items were trimmed');
      this.isFailing = false;
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      if (!this.isFailing) this.logger.warn({ err: error }, 'Old versions of items can’t be trimmed now');
      this.isFailing = true;
    }
  }

  private limits(days: number): TrimLimits {
    const hoursAgo = (hours: number) => new Date(this.clock().getTime() - hours * HOUR_MS).toISOString();
    return {
      versions: STEP_VERSIONS,
      before: hoursAgo(24 * days),
      expiredBefore: hoursAgo(this.config.idempotencyTtlHours),
    };
  }
}
