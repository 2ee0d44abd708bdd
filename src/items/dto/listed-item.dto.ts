import { ApiPropertyOptional, ApiSchema, PartialType } from '@nestjs/swagger';
import type { Exactly } from '../store/item.members.js';
import type { ListedMember } from '../store/list/projection.js';
import { ItemDto } from './item.dto.js';

/** An item in a list, where deleted ones can be too. */
@ApiSchema({ name: 'ListedItem' })
export class ListedItemDto extends ItemDto implements Exactly<ListedItemDto, ListedMember> {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it was deleted; only deleted items have it, and only with deleted=true',
  })
  deletedAt?: string;
}

/** What is left of an item if the request names fields. */
@ApiSchema({ name: 'PartialItem' })
export class PartialItemDto extends PartialType(ListedItemDto) {}
