import { Module } from '@nestjs/common';
import { DocsController } from './docs.controller.js';
import { IndexController } from './index.controller.js';
import { Reference } from '../contract/reference.js';
import { ReferenceController } from './reference.controller.js';
import { SwaggerFiles } from './swagger-files.js';

/** What the service says about itself: index, example, documentation, problems. */
@Module({ controllers: [IndexController, DocsController, ReferenceController], providers: [Reference, SwaggerFiles] })
export class ReferenceModule {}
