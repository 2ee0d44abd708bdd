import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller.js';
import { HealthController } from './health.controller.js';
import { IndexController } from './index.controller.js';

/** What the service says of itself: index, example, health, documentation. */
@Module({ controllers: [IndexController, HealthController, DocsController] })
export class ServiceModule {}
