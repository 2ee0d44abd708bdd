import { ApiProperty } from '@nestjs/swagger';

export class ExampleDto {
  @ApiProperty({ example: 'Success!' })
  message!: string;
}

export class HealthDto {
  @ApiProperty({ example: 'ok' })
  status!: string;
}

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
