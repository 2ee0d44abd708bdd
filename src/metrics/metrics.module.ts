import { Module } from '@nestjs/common';
import { ReaderModule } from '../database/database.module.js';
import { HealthModule } from '../health/health.module.js';
import { ItemsModule } from '../items/items.module.js';
import { LastBackup } from './last-backup.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsPort } from './metrics-port.js';
import { Metrics } from './metrics.js';

@Module({
  imports: [ItemsModule, HealthModule, ReaderModule],
  controllers: [MetricsController],
  providers: [Metrics, MetricsPort, LastBackup],
})
export class MetricsModule {}
