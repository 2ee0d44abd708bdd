import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PAGE_LIMIT_MAX } from './item.limits.js';
import { CURSOR_PATTERN } from './list-items.dto.js';
import type { PageItem } from '../store/items.rows.js';
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

/**
 * A page as JSON. Attributes stand in it as they are stored: to make objects of them and text again would hold up other
 * requests for up to 150 ms a page.
 */
export function toPageJson(items: PageItem[], next: string | null): string {
  return `{"items":[${items.map(toItemJson).join(',')}],"next":${JSON.stringify(next)}}`;
}

/** The same text as that of toItemDto. */
function toItemJson({ id, name, description, attributes, version, createdAt, updatedAt }: PageItem): string {
  const before = JSON.stringify({ id, name, ...(description !== null && { description }) });
  const behind = JSON.stringify({ version, createdAt, updatedAt });
  return `${before.slice(0, -1)},"attributes":${attributes},${behind.slice(1)}`;
}
