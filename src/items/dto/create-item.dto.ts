import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsDefined, IsString, Matches } from 'class-validator';
import { ANY, RequestSchema } from '../../contract/openapi/schemas.js';
import type { Exactly, ShownMember } from '../store/item.members.js';
import { ITEM_ID } from './item.schemas.js';
import { ID_MAX } from '../store/item.limits.js';
import { ItemContentDto } from './item-content.dto.js';

/** The body of POST /items. It may be an item as GET gave it, so that items can be copied to another service. */
@RequestSchema('CreateItem')
export class CreateItemDto extends ItemContentDto implements Exactly<CreateItemDto, ShownMember> {
  @ApiProperty({
    description: 'Chosen by the client',
    minLength: 1,
    maxLength: ID_MAX,
    pattern: ITEM_ID.pattern.source,
    example: ITEM_ID.example,
  })
  @Matches(ITEM_ID.pattern, { message: `id must be ${ITEM_ID.expected}.` })
  @IsString({ message: 'id must be a string.' })
  @IsDefined({ message: 'id is missing.' })
  id!: string;

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
