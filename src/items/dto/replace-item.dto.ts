import { ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsString, ValidateBy } from 'class-validator';
import { ANY, RequestSchema } from '../../contract/openapi/schemas.js';
import type { Exactly, ShownMember } from '../store/item.members.js';
import { ITEM_ID } from './item.schemas.js';
import { ID_MAX } from '../store/item.limits.js';
import { IfPresent, ItemContentDto } from './item-content.dto.js';

const WHOLE_NUMBER = {
  name: 'type',
  validator: {
    // A number that is too large for a double is whole too; another rule refuses it.
    validate: (value: unknown) => typeof value === 'number' && (Number.isInteger(value) || !Number.isFinite(value)),
    defaultMessage: () => 'version must be a whole number, as GET gave it.',
  },
};

/** The body of PUT /items/{id}. It may be the item as GET gave it, if that is still current. */
@RequestSchema('ReplaceItem')
export class ReplaceItemDto extends ItemContentDto implements Exactly<ReplaceItemDto, ShownMember> {
  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: 'Must be the id in the path',
    maxLength: ID_MAX,
    pattern: ITEM_ID.pattern.source,
    example: ITEM_ID.example,
  })
  @IsString({ message: 'id must be a string.' })
  @IfPresent()
  id?: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    description:
      'Must be the current version, so that nobody overwrites what they have not read; ignored if none ever was',
  })
  @ValidateBy(WHOLE_NUMBER)
  @IfPresent()
  version?: number | null;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: ANY })
  @Allow()
  createdAt?: unknown;

  @ApiPropertyOptional({ description: 'Read-only: ignored', readOnly: true, type: ANY })
  @Allow()
  updatedAt?: unknown;
}
