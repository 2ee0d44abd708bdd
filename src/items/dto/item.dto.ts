import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { Attributes, Item } from '../item.entity.js';

/** An item as it leaves the service. */
@ApiSchema({ name: 'Item' })
export class ItemDto {
  @ApiProperty({ example: 'bolt-m8' })
  id!: string;

  @ApiProperty({ example: 'Bolt M8' })
  name!: string;

  @ApiPropertyOptional({ example: 'zinc plated' })
  description?: string;

  @ApiProperty({ type: 'object', additionalProperties: true, example: { thread: 'M8' } })
  attributes!: Attributes;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Rises by one with each change', example: 3 })
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
