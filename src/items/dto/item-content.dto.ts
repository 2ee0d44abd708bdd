import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsDefined, IsObject, IsString, ValidateIf } from 'class-validator';
import { Each, hasLength, IS_TEXT, IS_UNIQUE } from '../../http/body/validation/each.js';
import { Length, MaxDepth, MaxJsonBytes } from '../../http/body/validation/json-rules.js';
import type { Attributes } from '../store/item.entity.js';
import type { ContentMember, Exactly } from '../store/item.members.js';
import { ATTRIBUTES_LIMITS, TAGS } from './item.schemas.js';
import {
  ATTRIBUTES_MAX_BYTES,
  ATTRIBUTES_MAX_DEPTH,
  DESCRIPTION_MAX,
  NAME_MAX,
  TAG_MAX,
  TAGS_MAX,
} from '../store/item.limits.js';

/** For an optional member: null counts as absent, since many clients send null for no value. */
export const IfPresent = () => ValidateIf((_, value) => value !== undefined && value !== null);

/** The members that clients write. class-validator runs the rules of a member from the last to the first. */
export class ItemContentDto implements Exactly<ItemContentDto, ContentMember> {
  @ApiProperty({ minLength: 1, maxLength: NAME_MAX, example: 'Bolt M8' })
  @Length(1, NAME_MAX)
  @IsString({ message: 'name must be a string.' })
  @IsDefined({ message: 'name is missing.' })
  name!: string;

  @ApiPropertyOptional({
    type: 'string',
    maxLength: DESCRIPTION_MAX,
    nullable: true,
    description: 'null counts as absent',
    example: 'zinc plated',
  })
  @Length(0, DESCRIPTION_MAX)
  @IsString({ message: 'description must be a string.' })
  @IfPresent()
  description?: string | null;

  @ApiPropertyOptional({
    ...TAGS,
    nullable: true,
    // No `default`: client generators make a member with a default required.
    description: 'Kept in this order. [] if absent or null',
  })
  @Each(IS_TEXT, hasLength(1, TAG_MAX), IS_UNIQUE)
  @ArrayMaxSize(TAGS_MAX, { message: `tags must have at most ${TAGS_MAX} elements.` })
  @IsArray({ message: 'tags must be an array.' })
  @IfPresent()
  tags?: string[] | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    // No `default`: client generators make a member with a default required.
    description: `Any JSON object. ${ATTRIBUTES_LIMITS}. {} if absent or null`,
    example: { thread: 'M8' },
  })
  @MaxJsonBytes(ATTRIBUTES_MAX_BYTES)
  @MaxDepth(ATTRIBUTES_MAX_DEPTH)
  @IsObject({ message: 'attributes must be a JSON object.' })
  @IfPresent()
  attributes?: Attributes | null;
}
