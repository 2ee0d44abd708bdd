import { Controller, Get } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Answers } from '../contract/answers.decorator.js';
import { StartGate } from '../http/head/start-gate.js';
import { StopGate } from '../http/head/stop-gate.js';
import { SearchGate } from '../items/search/search-gate.js';
import { getLiveness, getReadiness } from './health.operations.js';
import type { HealthDto, ReadinessDto } from './health.dto.js';

/** For load balancers and process managers. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly startGate: StartGate,
    private readonly stopGate: StopGate,
    private readonly database: Database,
    private readonly searchGate: SearchGate,
  ) {}

  @Get('live')
  @Answers(getLiveness)
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** Problems: starting, shuttingDown, searchUnready (503). Throws DatabaseFault if the database doesn't answer or was replaced. */
  @Get('ready')
  @Answers(getReadiness)
  async ready(): Promise<ReadinessDto> {
    this.startGate.requireOpen();
    this.stopGate.requireOpen();
    const database = await this.database.access();
    this.searchGate.requireOpen();
    return { status: 'ok', database };
  }
}
