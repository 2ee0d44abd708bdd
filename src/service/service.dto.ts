import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Example' })
export class ExampleDto {
  @ApiProperty({ example: 'Success!' })
  message!: string;
}

@ApiSchema({ name: 'Readiness' })
export class ReadinessDto {
  @ApiProperty({ example: 'ok' })
  status!: string;

  @ApiProperty({
    enum: ['writable', 'read-only'],
    description: '`read-only` as long as the database takes no changes, as a standby: they are answered 503.',
    example: 'writable',
  })
  database!: string;
}

@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({ example: 'ok' })
  status!: string;
}

@ApiSchema({ name: 'Index' })
export class IndexDto {
  @ApiProperty({ example: 'Items' })
  service!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', format: 'uri-reference' },
    example: { items: '/items', docs: '/docs' },
  })
  links!: Record<string, string>;
}
