import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../contract/answers.decorator.js';
import { PreferredType } from '../http/head/content/accept.js';
import type { Format } from './exposition.js';
import { getMetrics } from './metrics.operations.js';
import { Metrics } from './metrics.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Answers(getMetrics)
  async get(@PreferredType() type: Format, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const text = await this.metrics.scrape(type);
    reply.header('content-type', `${type}; charset=utf-8`);
    return text;
  }
}
