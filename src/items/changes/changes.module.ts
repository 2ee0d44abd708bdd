import { Module } from '@nestjs/common';
import { ItemChanges } from '../store/changes/item-changes.js';
import { ChangesController } from './changes.controller.js';
import { ChangesService } from './changes.service.js';

/** The feed of the changes of all items. */
@Module({
  controllers: [ChangesController],
  providers: [ChangesService, ItemChanges],
})
export class ChangesModule {}
