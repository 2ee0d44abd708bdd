import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { VERSION } from '../../contract/openapi/bounds.js';
import { ANY, RequestSchema } from '../../contract/openapi/schemas.js';
import type { Attributes } from '../store/item.entity.js';
import type { Exactly, ShownMember } from '../store/item.members.js';
import { ATTRIBUTES_LIMITS, ITEM_ID, TAGS } from './item.schemas.js';
import { DESCRIPTION_MAX, ID_MAX, NAME_MAX } from '../store/item.limits.js';

// Only for the documentation. http/body/patch/ judges a patch, and the DTO of PUT its result.

const READ_ONLY = 'Read-only: must be as it is';

/** A JSON Merge Patch of an item (RFC 7396). Removing a member that is absent changes nothing. */
@RequestSchema('ItemMergePatch', { unevaluatedProperties: { type: 'null' } })
export class MergePatchDto implements Exactly<MergePatchDto, ShownMember> {
  @ApiPropertyOptional({ minLength: 1, maxLength: NAME_MAX, example: 'Bolt M8' })
  name?: string;

  @ApiPropertyOptional({
    type: 'string',
    maxLength: DESCRIPTION_MAX,
    nullable: true,
    description: 'null removes it',
    example: 'zinc plated',
  })
  description?: string | null;

  @ApiPropertyOptional({ ...TAGS, nullable: true, description: 'Replaced as a whole; null removes all' })
  tags?: string[] | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: `Merged member by member; null removes a member. ${ATTRIBUTES_LIMITS}, when merged`,
    example: { thread: null, colour: 'grey' },
  })
  attributes?: Attributes | null;

  @ApiPropertyOptional({ description: READ_ONLY, maxLength: ID_MAX, pattern: ITEM_ID.pattern.source })
  id?: string;

  @ApiPropertyOptional({ ...VERSION, description: READ_ONLY })
  version?: number;

  @ApiPropertyOptional({ format: 'date-time', description: READ_ONLY })
  createdAt?: string;

  @ApiPropertyOptional({ format: 'date-time', description: READ_ONLY })
  updatedAt?: string;
}

const POINTER = {
  pattern: '^(?:/(?:[^~/]|~[01])*)*$',
  description: 'JSON Pointer (RFC 6901) into the item as GET gives it',
  example: '/attributes/thread',
};
// RFC 6902 §4: members that an operation does not define are ignored.
const OTHERS_IGNORED = {};

/** An operation of a JSON Patch with a value (RFC 6902 §4.1, §4.3, §4.6). */
@RequestSchema('JsonPatchValueOperation', OTHERS_IGNORED)
export class ValueOperationDto {
  @ApiProperty({ enum: ['add', 'replace', 'test'], example: 'replace' })
  op!: string;

  @ApiProperty(POINTER)
  path!: string;

  @ApiProperty({ type: ANY, example: 'M8' })
  value!: unknown;
}

/** An operation of a JSON Patch that removes (RFC 6902 §4.2). */
@RequestSchema('JsonPatchRemoveOperation', OTHERS_IGNORED)
export class RemoveOperationDto {
  @ApiProperty({ enum: ['remove'], example: 'remove' })
  op!: string;

  @ApiProperty(POINTER)
  path!: string;
}

/** An operation of a JSON Patch that takes a value from another place (RFC 6902 §4.4, §4.5). */
@RequestSchema('JsonPatchFromOperation', OTHERS_IGNORED)
export class FromOperationDto {
  @ApiProperty({ enum: ['move', 'copy'], example: 'copy' })
  op!: string;

  @ApiProperty({ ...POINTER, description: 'JSON Pointer of the value', example: '/attributes/old' })
  from!: string;

  @ApiProperty(POINTER)
  path!: string;
}
