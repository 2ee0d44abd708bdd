import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { VERSION } from '../../contract/openapi/bounds.js';
import type { Attributes, Item } from '../store/item.entity.js';
import { DESCRIPTION_MAX, ID_MAX, ITEM_ID, NAME_MAX } from './item.limits.js';

/** An item as it leaves the service. */
@ApiSchema({ name: 'Item' })
export class ItemDto {
  @ApiProperty({ maxLength: ID_MAX, pattern: ITEM_ID.pattern.source, example: ITEM_ID.example })
  id!: string;

  @ApiProperty({ minLength: 1, maxLength: NAME_MAX, example: 'Bolt M8' })
  name!: string;

  @ApiPropertyOptional({ maxLength: DESCRIPTION_MAX, example: 'zinc plated' })
  description?: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { thread: 'M8' } })
  attributes!: Attributes;

  @ApiProperty({ ...VERSION, description: 'Rises by one with each change', example: 3 })
  version!: number;

  @ApiProperty({ format: 'date-time', example: '2025-11-22T10:00:00.123Z' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', example: '2025-11-22T10:05:00.456Z' })
  updatedAt!: string;
}

export function toItemDto(item: Item): ItemDto {
  const { id, name, description, attributes, version, createdAt, updatedAt } = item;
  return { id, name, ...(description !== null && { description }), attributes, version, createdAt, updatedAt };
}
