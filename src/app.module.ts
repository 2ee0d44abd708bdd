import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, systemClock } from './clock.js';
import { CONFIG, type Config } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { Reference } from './reference/reference.js';
import { PublicUrl } from './public-url.js';
import { StartGate } from './http/head/start-gate.js';
import { entitiesFor } from './entities.js';
import { ItemsModule } from './items/items.module.js';
import { OPERATIONS } from './operations.js';
import { ServiceModule } from './reference/reference.module.js';

@Module({})
export class AppModule {
  static forRoot(config: Config, startGate: StartGate, logger: Logger): DynamicModule {
    const values = [
      { provide: CONFIG, useValue: config },
      { provide: CLOCK, useValue: systemClock },
      { provide: Reference, useValue: new Reference(OPERATIONS) },
      { provide: PublicUrl, useValue: new PublicUrl(config.publicUrl) },
      { provide: StartGate, useValue: startGate },
    ];
    return {
      module: AppModule,
      global: true,
      imports: [
        DatabaseModule.forRoot(config.database, entitiesFor(config.database.engine), logger),
        ItemsModule,
        ServiceModule,
      ],
      providers: values,
      exports: values,
    };
  }
}
