import { ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Allow, IsString, ValidateIf } from 'class-validator';
import { ITEM_ID } from '../items.limits.js';
import { ItemContentDto } from './item-content.dto.js';

/** What PUT /items/{id} takes: also the item as GET gave it, whose read-only members are ignored. */
@ApiSchema({ name: 'ReplaceItem' })
export class ReplaceItemDto extends ItemContentDto {
  @ApiPropertyOptional({ description: 'Must be the id in the path', example: ITEM_ID.example })
  @IsString({ message: 'id must be a string.' })
  @ValidateIf((_, value) => value !== undefined)
  id?: string;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: 'integer' })
  @Allow()
  version?: unknown;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: 'string', format: 'date-time' })
  @Allow()
  createdAt?: unknown;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: 'string', format: 'date-time' })
  @Allow()
  updatedAt?: unknown;
}
