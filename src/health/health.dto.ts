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
    description: '`read-only` as long as the database takes no changes, as a standby: they are answered 503.',
    example: 'writable',
  })
  database!: string;
}
