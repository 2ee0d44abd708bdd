import { Controller, Get } from '@nestjs/common';
import { Answers } from '../contract/answers.decorator.js';
import { getLiveness, getReadiness } from './health.operations.js';
import type { HealthDto, ReadinessDto } from './health.dto.js';
import { Readiness } from './readiness.js';

/** For load balancers and process managers. */
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Answers(getLiveness)
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @Answers(getReadiness)
  ready(): Promise<ReadinessDto> {
    return this.readiness.check();
  }
}
