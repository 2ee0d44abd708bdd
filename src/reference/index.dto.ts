import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { LINK, NAME } from '../contract/openapi/bounds.js';

@ApiSchema({ name: 'Example' })
export class ExampleDto {
  @ApiProperty({ ...NAME, example: 'Success!' })
  message!: string;
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

@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({ ...NAME, example: 'ok' })
  status!: string;
}

// Not `Index`: generators that give each schema a file write it over their own index.ts.
@ApiSchema({ name: 'ServiceIndex' })
export class IndexDto {
  @ApiProperty({ ...NAME, example: 'Items' })
  service!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', ...LINK },
    example: { items: '/items', docs: '/docs' },
  })
  links!: Record<string, string>;
}
