import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller.js';
import { HealthController } from '../health/health.controller.js';
import { IndexController } from './index.controller.js';
import { ReferenceController } from './reference.controller.js';

/** What the service says of itself: index, example, health, documentation, problems. */
@Module({ controllers: [IndexController, HealthController, DocsController, ReferenceController] })
export class ServiceModule {}
