import { ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsString, ValidateIf } from 'class-validator';
import { ANY, RequestSchema } from '../../http/contract/openapi/schemas.js';
import { ID_MAX, ITEM_ID } from '../items.limits.js';
import { ItemContentDto } from './item-content.dto.js';

/** What PUT /items/{id} takes: also the item as GET gave it, whose read-only members are ignored. */
@RequestSchema('ReplaceItem')
export class ReplaceItemDto extends ItemContentDto {
  @ApiPropertyOptional({
    description: 'Must be the id in the path',
    maxLength: ID_MAX,
    pattern: ITEM_ID.pattern.source,
    example: ITEM_ID.example,
  })
  @IsString({ message: 'id must be a string.' })
  @ValidateIf((_, value) => value !== undefined)
  id?: string;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: ANY })
  @Allow()
  version?: unknown;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: ANY })
  @Allow()
  createdAt?: unknown;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: ANY })
  @Allow()
  updatedAt?: unknown;
}
