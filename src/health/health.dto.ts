import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { NAME } from '../contract/openapi/bounds.js';

@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({ ...NAME, example: 'ok' })
  status!: string;
}

@ApiSchema({ name: 'Readiness' })
export class ReadinessDto {
  @ApiProperty({ ...NAME, example: 'ok' })
  status!: string;

  @ApiProperty({
    enum: ['writable', 'read-only'],
    description: '`read-only` while the database takes no changes, as on a standby. Changes then get 503.',
    example: 'writable',
  })
  database!: string;
}
