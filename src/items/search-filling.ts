import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { DatabaseFault } from '../database/faults/database-fault.js';
import { LOGGER } from '../telemetry/logger.js';
import { BackgroundWork } from './background-work.js';
import { SearchGate } from './search/search-gate.js';
import { ItemsRepository } from './store/items.repository.js';

/** Items of a step: few enough that writes wait for milliseconds only. */
export const STEP_ITEMS = 200;

/** Pause after a step that failed. */
const RETRY_MS = 1_000;

/**
 * Fills in what the items of an older release are found by, after the start and beside the requests. Each step is a transaction
 * that notes how far it came, so a process that is killed loses one step at most, and several processes share the work.
 */
@Injectable()
export class SearchFilling implements BeforeApplicationShutdown {
  private readonly work = new BackgroundWork();
  private isFailing = false;

  constructor(
    private readonly repository: ItemsRepository,
    private readonly gate: SearchGate,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Carries out the first step. Databases that need more are filled meanwhile. */
  async start(): Promise<void> {
    if (await this.isOver()) return;
    this.logger.info('The words of older items are being collected: the service is ready once that is done');
    await this.tryStep();
    if (!(await this.isOver())) this.work.start(() => this.fillRest());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.stop();
  }

  private async fillRest(): Promise<void> {
    while (!this.work.isStopped && !(await this.isOver())) {
      if (!(await this.tryStep())) await this.work.pause(RETRY_MS);
    }
  }

  /** Opens the gate if nothing is left. A database that does not answer counts as unfinished. */
  private async isOver(): Promise<boolean> {
    const isFilling = await this.repository.isSearchFilling().catch(() => true);
    if (isFilling) return false;
    this.gate.open();
    return true;
  }

  /** Whether it succeeded. */
  private async tryStep(): Promise<boolean> {
    try {
      await this.repository.writeSide.fillSearch(STEP_ITEMS);
      this.isFailing = false;
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      if (!this.isFailing) this.logger.warn({ err: error }, 'The words of older items can’t be collected now');
      this.isFailing = true;
      return false;
    }
  }
}
