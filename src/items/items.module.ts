import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ReaderModule } from '../database/database.module.js';
import { IdempotencyModule } from '../idempotency/idempotency.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { Item } from './store/item.entity.js';
import { AttributeIndexing } from './attribute-indexing.js';
import { ItemsController } from './items.controller.js';
import { ItemHistory } from './store/history/item-history.js';
import { ItemLists } from './store/list/item-lists.js';
import { ItemsRepository } from './store/items.repository.js';
import { ItemsService } from './items.service.js';
import { ItemsWriter } from './items.writer.js';
import { ErasureCleaning } from './erasure-cleaning.js';
import { ErasureService } from './erasure.service.js';
import { HistoryTrimming } from './history-trimming.js';
import { SearchFilling } from './search-filling.js';
import { SearchModule } from './search/search.module.js';
import { VersionsController } from './versions.controller.js';
import { VersionsService } from './versions.service.js';
import { TutorialItems } from './tutorial-items.js';

@Module({
  imports: [TypeOrmModule.forFeature([Item]), IdempotencyModule, SearchModule, ReaderModule, ChangesModule],
  controllers: [ItemsController, VersionsController],
  providers: [
    ItemsService,
    VersionsService,
    ItemsRepository,
    ItemLists,
    ItemHistory,
    ItemsWriter,
    TutorialItems,
    AttributeIndexing,
    SearchFilling,
    HistoryTrimming,
    ErasureService,
    ErasureCleaning,
  ],
  exports: [ItemsService, ItemsWriter, ItemsRepository, ChangesModule],
})
export class ItemsModule {}
