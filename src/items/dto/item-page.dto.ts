import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PAGE_LIMIT_MAX } from '../items.limits.js';
import { CURSOR_PATTERN } from './list-items.dto.js';
import { ItemDto } from './item.dto.js';

/** One page of a listing. */
@ApiSchema({ name: 'ItemPage' })
export class ItemPageDto {
  @ApiProperty({ type: [ItemDto], maxItems: PAGE_LIMIT_MAX })
  items!: ItemDto[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    pattern: CURSOR_PATTERN,
    description: 'cursor of the next page; null on the last one',
    example: null,
  })
  next!: string | null;
}
