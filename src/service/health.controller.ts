import { Controller, Get } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DatabaseFault } from '../database/database-fault.js';
import { WRITER } from '../database/database.module.js';
import { requireOpen, StartGate } from '../http/start-gate.js';
import { Answers } from '../http/contract/answers.decorator.js';
import { getLiveness, getReadiness } from './service.contract.js';
import type { HealthDto } from './service.dto.js';

/** For load balancers and process managers. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly startGate: StartGate,
    @InjectDataSource() private readonly reader: DataSource,
    @InjectDataSource(WRITER) private readonly writer: DataSource,
  ) {}

  @Get('live')
  @Answers(getLiveness)
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** Problem: starting (503). Throws DatabaseFault when either side of the database doesn't answer. */
  @Get('ready')
  @Answers(getReadiness)
  async ready(): Promise<HealthDto> {
    requireOpen(this.startGate);
    const questions = [this.reader.query('SELECT 1'), this.writer.query('SELECT 1')];
    await Promise.all(questions).catch((error: unknown) => {
      throw new DatabaseFault('unavailable', error);
    });
    return { status: 'ok' };
  }
}
