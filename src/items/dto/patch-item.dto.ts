import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { Attributes } from '../item.entity.js';

// For the documentation alone: what a patch may be is judged by http/patch/, and what it makes of the item by the DTO of PUT.

/** A JSON Merge Patch of an item (RFC 7396). */
@ApiSchema({ name: 'ItemMergePatch' })
export class MergePatchDto {
  @ApiPropertyOptional({ example: 'Bolt M8' })
  name?: string;

  @ApiPropertyOptional({ type: 'string', nullable: true, description: 'null removes it', example: 'zinc plated' })
  description?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Merged member by member; null removes a member',
    example: { thread: null, colour: 'grey' },
  })
  attributes?: Attributes | null;
}

/** One operation of a JSON Patch (RFC 6902 §4). */
@ApiSchema({ name: 'JsonPatchOperation' })
export class JsonPatchOperationDto {
  @ApiProperty({ enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'], example: 'replace' })
  op!: string;

  @ApiProperty({ description: 'JSON Pointer (RFC 6901) into the item as GET gives it', example: '/attributes/thread' })
  path!: string;

  @ApiPropertyOptional({ description: 'JSON Pointer of what move and copy take', example: '/attributes/old' })
  from?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'What add, replace and test use' })
  value?: unknown;
}
