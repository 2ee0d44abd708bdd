import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { Item } from './store/item.entity.js';
import { ItemsController } from './items.controller.js';
import { ItemHistory } from './store/history/item-history.js';
import { ItemLists } from './store/list/item-lists.js';
import { ItemsRepository } from './store/items.repository.js';
import { ItemsService } from './items.service.js';
import { ItemsWriter } from './items.writer.js';
import { HistoryTrimming } from './history-trimming.js';
import { SearchFilling } from './search-filling.js';
import { SearchModule } from './search/search.module.js';
import { VersionsController } from './versions.controller.js';
import { VersionsService } from './versions.service.js';
import { TutorialItems } from './tutorial-items.js';

@Module({
  imports: [TypeOrmModule.forFeature([Item]), IdempotencyModule, SearchModule],
  controllers: [ItemsController, VersionsController],
  providers: [
    ItemsService,
    VersionsService,
    ItemsRepository,
    ItemLists,
    ItemHistory,
    ItemsWriter,
    TutorialItems,
    SearchFilling,
    HistoryTrimming,
  ],
  exports: [ItemsService, ItemsWriter],
})
export class ItemsModule {}
