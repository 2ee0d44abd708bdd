import { Module } from '@nestjs/common';
import { ItemsModule } from '../items.module.js';
import { BatchController } from './batch.controller.js';
import { BatchService } from './batch.service.js';

@Module({ imports: [ItemsModule], controllers: [BatchController], providers: [BatchService] })
export class BatchModule {}
