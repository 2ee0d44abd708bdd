import { setTimeout } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../config/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { DatabaseFault } from '../database/faults/database-fault.js';
import { LOGGER } from '../telemetry/logger.js';
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
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly repository: ItemsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'historyRetentionDays' | 'idempotencyTtlHours'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Begins, if there is anything to do with this configuration. */
  start(): void {
    if (this.config.historyRetentionDays !== undefined) this.running = this.keepTrimming();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Trims all that is due now, and gives the number of versions. Throws DatabaseFault. */
  async trimDue(): Promise<number> {
    const { historyRetentionDays: days } = this.config;
    if (days === undefined) return 0;
    let deleted = 0;
    while (!this.stopping.signal.aborted && (await this.repository.isTrimmingDue(this.limits(days).before))) {
      const step = await this.repository.writeSide.trimVersions(this.limits(days));
      deleted += step.deleted;
      if (step.walked < STEP_VERSIONS) break;
      await this.pause(PAUSE_MS);
    }
    return deleted;
  }

  private async keepTrimming(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.tryToTrim();
      await this.pause(LOOK_MS);
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

  // A version that a record points at was current when that was made, so it is kept for as long as a record counts.
  private limits(days: number): TrimLimits {
    const { idempotencyTtlHours } = this.config;
    const hoursAgo = (hours: number) => new Date(this.clock().getTime() - hours * HOUR_MS).toISOString();
    const before = hoursAgo(Math.max(days * 24, idempotencyTtlHours));
    return { versions: STEP_VERSIONS, before, expiredBefore: hoursAgo(idempotencyTtlHours) };
  }

  private async pause(ms: number): Promise<void> {
    await setTimeout(ms, undefined, { signal: this.stopping.signal, ref: false }).catch(ignoreStop);
  }
}

function ignoreStop(): void {}
