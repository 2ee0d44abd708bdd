import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { LINK, NAME } from '../contract/openapi/bounds.js';

@ApiSchema({ name: 'Example' })
export class ExampleDto {
  @ApiProperty({ ...NAME, example: 'Success!' })
  message!: string;
}

// Not `Index`: generators that write a file for each schema would overwrite their own index.ts.
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
