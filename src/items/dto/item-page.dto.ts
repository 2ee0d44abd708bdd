import { ApiProperty, ApiPropertyOptional, ApiSchema, OmitType } from '@nestjs/swagger';
import { PAGE_LIMIT_MAX } from './item.schemas.js';
import { Next } from './page-parameters.js';
import { ListedItemDto, PartialItemDto } from './listed-item.dto.js';

/** One page of a listing. */
@ApiSchema({ name: 'ItemPage' })
export class ItemPageDto {
  @ApiProperty({ type: [ListedItemDto], maxItems: PAGE_LIMIT_MAX })
  items!: ListedItemDto[];

  @Next()
  next!: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'With count=true: how many items the whole list has',
    example: 1,
  })
  count?: number;
}

/** The same, if the request names fields. */
@ApiSchema({ name: 'PartialItemPage' })
export class PartialItemPageDto extends OmitType(ItemPageDto, ['items']) {
  @ApiProperty({ type: [PartialItemDto], maxItems: PAGE_LIMIT_MAX })
  items!: PartialItemDto[];
}

/** A page as JSON. Its items are JSON texts with commas between them. */
export function toPageJson({ items, next, count }: { items: string; next: string | null; count?: number }): string {
  return `{"items":[${items}],"next":${JSON.stringify(next)}${count === undefined ? '' : `,"count":${count}`}}`;
}
