import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { ItemsModule } from '../items/items.module.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsPort } from './metrics-port.js';
import { Metrics } from './metrics.js';

@Module({ imports: [ItemsModule, HealthModule], controllers: [MetricsController], providers: [Metrics, MetricsPort] })
export class MetricsModule {}
