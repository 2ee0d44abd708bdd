import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { AccessModule } from './access/access.module.js';
import { contract } from './contract.js';
import { CLOCK, MONOTONIC_CLOCK, systemClock, systemMonotonicClock } from './config/clock.js';
import { CONFIG, type Config } from './config/config.js';
import { CONTRACT } from './contract/contract.js';
import { DatabaseModule } from './database/database.module.js';
import { entitiesFor } from './entities.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { TRANSLATORS } from './http/problems-of-exceptions.js';
import { BatchModule } from './items/batch/batch.module.js';
import { ItemsModule } from './items/items.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { finalCheck, headChecks } from './order-of-checks.js';
import { PublicUrl } from './config/public-url.js';
import { RateLimitsModule } from './rate-limits/rate-limits.module.js';
import { ReferenceModule } from './reference/reference.module.js';
import { problemOfDatabaseFault } from './storage/storage-translator.js';
import { LOGGER } from './telemetry/logger.js';
import { TRACING, type Tracing } from './telemetry/tracing.js';

@Module({})
export class AppModule {
  static forRoot(config: Config, logger: Logger, tracing: Tracing): DynamicModule {
    const values = [
      { provide: CONTRACT, useValue: contract },
      { provide: CLOCK, useValue: systemClock },
      { provide: MONOTONIC_CLOCK, useValue: systemMonotonicClock },
      { provide: CONFIG, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: TRACING, useValue: tracing },
      { provide: PublicUrl, useValue: new PublicUrl(config.publicUrl) },
      { provide: TRANSLATORS, useValue: [problemOfDatabaseFault] },
    ];
    return {
      module: AppModule,
      global: true,
      imports: [
        DatabaseModule.forRoot(config.database, entitiesFor(config.database.engine), logger, tracing),
        HttpModule,
        RateLimitsModule,
        AccessModule,
        ItemsModule,
        BatchModule,
        ReferenceModule,
        HealthModule,
        MetricsModule,
      ],
      providers: [...values, headChecks, finalCheck],
      exports: [...values, headChecks, finalCheck],
    };
  }
}
