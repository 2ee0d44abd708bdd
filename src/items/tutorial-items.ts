import { ConflictException, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { DatabaseOrigin } from '../database/database.module.js';
import { NO_CONDITIONS } from '../http/preconditions.js';
import { ItemsService } from './items.service.js';

const TUTORIAL_ITEMS = [
  { id: '1', name: 'apple' },
  { id: '2', name: 'banana' },
];

const TERMS = { requestId: 'tutorial', conditions: NO_CONDITIONS };

/** Puts the two items of the tutorial into an SQLite file that the service has just made, unless SEED=off. */
@Injectable()
export class TutorialItems implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly origin: DatabaseOrigin,
    private readonly items: ItemsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.origin.isNew || !this.config.seed) return;
    for (const item of TUTORIAL_ITEMS) await this.items.create(item, TERMS).catch(ignoreExisting);
  }
}

// Two processes may have started on the same new file.
function ignoreExisting(error: unknown): void {
  if (!(error instanceof ConflictException)) throw error;
}
