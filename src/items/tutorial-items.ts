import { ConflictException, Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { SERVICE } from '../contract/caller.js';
import { Database } from '../database/database.js';
import { NO_CONDITIONS } from '../http/fields/conditions/preconditions.js';
import { ItemsService } from './items.service.js';
import { ItemsRepository } from './store/items.repository.js';

const TUTORIAL_ITEMS = [
  { id: '1', name: 'apple' },
  { id: '2', name: 'banana' },
];

const TERMS = { actor: SERVICE, requestId: 'tutorial', conditions: NO_CONDITIONS };

/** The two items of the tutorial. */
@Injectable()
export class TutorialItems {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly repository: ItemsRepository,
    private readonly items: ItemsService,
  ) {}

  /** Creates them in an SQLite file in which no item was ever written, unless SEED=off. */
  async plant(): Promise<void> {
    if (!this.database.file || !this.config.seed || (await this.repository.hasHistory())) return;
    for (const item of TUTORIAL_ITEMS) await this.items.create(item, TERMS).catch(ignoreExisting);
  }
}

// Two processes may have started on the same new file.
function ignoreExisting(error: unknown): void {
  if (!(error instanceof ConflictException)) throw error;
}
