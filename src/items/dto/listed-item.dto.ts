import { ApiProperty, ApiPropertyOptional, ApiSchema, PartialType } from '@nestjs/swagger';
import type { Exactly } from '../store/item.members.js';
import type { ListedMember } from '../store/list/projection.js';
import { NAME_MAX } from '../store/item.limits.js';
import { ItemDto } from './item.dto.js';

/** An item in a list, where deleted ones can be too. */
@ApiSchema({ name: 'ListedItem' })
export class ListedItemDto extends ItemDto implements Exactly<ListedItemDto, ListedMember> {
  @ApiProperty({
    minLength: 0,
    maxLength: NAME_MAX,
    description: 'Empty for a deleted item that was erased, and for no other',
    example: 'Bolt M8',
  })
  declare name: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it was deleted; only deleted items have it, and only with deleted=true',
  })
  deletedAt?: string;
}

/** What is left of an item if the request names fields. */
@ApiSchema({ name: 'PartialItem' })
export class PartialItemDto extends PartialType(ListedItemDto) {}
