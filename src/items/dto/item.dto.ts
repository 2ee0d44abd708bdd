import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { VERSION } from '../../contract/openapi/bounds.js';
import type { Attributes, Item } from '../store/item.entity.js';
import { SHOWN_MEMBERS, type Exactly, type ShownMember } from '../store/item.members.js';
import { ITEM_ID, TAGS } from './item.schemas.js';
import { DESCRIPTION_MAX, ID_MAX, NAME_MAX } from '../store/item.limits.js';

/** An item as it leaves the service. */
@ApiSchema({ name: 'Item' })
export class ItemDto implements Exactly<ItemDto, ShownMember> {
  @ApiProperty({ maxLength: ID_MAX, pattern: ITEM_ID.pattern.source, example: ITEM_ID.example })
  id!: string;

  @ApiProperty({ minLength: 1, maxLength: NAME_MAX, example: 'Bolt M8' })
  name!: string;

  @ApiPropertyOptional({ maxLength: DESCRIPTION_MAX, example: 'zinc plated' })
  description?: string;

  @ApiProperty({ ...TAGS, description: '[] if it has none' })
  tags!: string[];

  @ApiProperty({ type: 'object', additionalProperties: true, example: { thread: 'M8' } })
  attributes!: Attributes;

  @ApiProperty({ ...VERSION, description: 'Rises by one with each change', example: 3 })
  version!: number;

  @ApiProperty({ format: 'date-time', example: '2025-11-22T10:00:00.123Z' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', example: '2025-11-22T10:05:00.456Z' })
  updatedAt!: string;
}

/** Members that are null are left out. */
export function toItemDto(item: Item): ItemDto {
  const dto: Partial<Record<ShownMember, unknown>> = {};
  for (const name of SHOWN_MEMBERS) if (item[name] !== null) dto[name] = item[name];
  return dto as unknown as ItemDto;
}
