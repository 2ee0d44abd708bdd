import { Controller, Get } from '@nestjs/common';
import { Answers } from '../contract/answers.decorator.js';
import { PublicUrl } from '../config/public-url.js';
import { getExample, getIndex } from './reference.operations.js';
import type { ExampleDto, IndexDto } from './index.dto.js';

const PATHS = {
  items: '/items',
  changes: '/changes',
  example: '/example',
  docs: '/docs',
  openapi: '/openapi.json',
  problems: '/problems',
  statusCodes: '/status-codes',
  liveness: '/health/live',
  readiness: '/health/ready',
};

/** The index, and the route of the tutorial. */
@Controller()
export class IndexController {
  constructor(private readonly publicUrl: PublicUrl) {}

  @Get()
  @Answers(getIndex)
  index(): IndexDto {
    const links = Object.entries(PATHS).map(([name, path]) => [name, this.publicUrl.of(path)]);
    return { service: 'Items', links: Object.fromEntries(links) };
  }

  @Get('example')
  @Answers(getExample)
  example(): ExampleDto {
    return { message: 'Success!' };
  }
}
