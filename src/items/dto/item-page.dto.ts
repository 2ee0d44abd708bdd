import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ItemDto } from './item.dto.js';

/** One page of a listing. */
@ApiSchema({ name: 'ItemPage' })
export class ItemPageDto {
  @ApiProperty({ type: [ItemDto] })
  items!: ItemDto[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'cursor of the next page; null on the last one',
    example: null,
  })
  next!: string | null;
}
