import { Module } from '@nestjs/common';
import { ReaderModule } from '../../database/database.module.js';
import { ItemChanges } from '../store/changes/item-changes.js';
import { Commits } from './commits.js';
import { FeedHead } from './feed-head.js';
import { ChangesController } from './changes.controller.js';
import { ChangesService } from './changes.service.js';

/** The feed of the changes of all items. */
@Module({
  imports: [ReaderModule],
  controllers: [ChangesController],
  providers: [ChangesService, ItemChanges, FeedHead, Commits],
  exports: [Commits, FeedHead],
})
export class ChangesModule {}
