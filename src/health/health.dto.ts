import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { COUNT, NAME } from '../contract/openapi/bounds.js';

@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({ ...NAME, example: 'ok' })
  status!: string;
}

@ApiSchema({ name: 'Readiness' })
export class ReadinessDto {
  @ApiProperty({
    enum: ['ok', 'warning'],
    description: '`warning`: an operator should look at what follows',
    example: 'ok',
  })
  status!: string;

  @ApiProperty({
    enum: ['writable', 'read-only', 'damaged'],
    description:
      '`read-only` while the database takes no changes, as on a standby, or if the last one could not be written to the SQLite file. Changes then get 503, or 507 if its disk is full. `damaged` once a damaged part of the SQLite file was met: changes get 500.',
    example: 'writable',
  })
  database!: string;

  @ApiProperty({
    enum: ['current', 'newer'],
    description: '`newer` after a newer release has migrated the database, and has said that this one may go on',
    example: 'current',
  })
  schema!: string;

  @ApiPropertyOptional({
    enum: ['ok', 'nearly-full'],
    description:
      'The disk of the SQLite file; nearly full if less than a twentieth and 10 GiB is free. Absent with PostgreSQL',
    example: 'ok',
  })
  disk?: string;

  @ApiPropertyOptional({
    enum: ['ok', 'large'],
    description:
      'The write-ahead log of the SQLite file; `large` beyond 64 MiB: somebody reads the database for so long that it can’t be emptied. Absent with PostgreSQL',
    example: 'ok',
  })
  log?: string;

  @ApiPropertyOptional({ ...COUNT, minimum: 0, description: 'Its size in bytes', example: 4_120_032 })
  logBytes?: number;
}
