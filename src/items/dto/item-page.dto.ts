import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { PAGE_LIMIT_MAX } from './item.schemas.js';
import { CURSOR_PATTERN } from './list-items.dto.js';
import { ITEM_MEMBERS, SHOWN_MEMBERS } from '../store/item.members.js';
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
 * A page as JSON. JSON members are copied into it as they are stored: parsing and writing them again would block other
 * requests for up to 150 ms a page.
 */
export function toPageJson(items: PageItem[], next: string | null): string {
  return `{"items":[${items.map(toItemJson).join(',')}],"next":${JSON.stringify(next)}}`;
}

/** The same JSON as that of toItemDto. */
function toItemJson(item: PageItem): string {
  let members = '';
  for (const name of SHOWN_MEMBERS) {
    const value = item[name];
    if (value === null) continue;
    const isJson = ITEM_MEMBERS[name].type === 'json';
    members += `${members === '' ? '' : ','}"${name}":${isJson ? value : JSON.stringify(value)}`;
  }
  return `{${members}}`;
}
