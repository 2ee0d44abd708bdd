import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { MAX_CALLER_LENGTH } from '../../contract/caller.js';
import { REQUEST_ID, VERSION } from '../../contract/openapi/bounds.js';
import { isErased, OPERATIONS_OF_VERSIONS, type VersionOperation } from '../store/item-version.js';
import type { PastVersion } from '../store/history/item-history.js';
import { ItemDto, toItemDto } from './item.dto.js';
import { PAGE_LIMIT_MAX } from './item.schemas.js';
import { Next } from './page-parameters.js';

/** The schema of the operation of a change. */
export const VERSION_OPERATION = { enum: OPERATIONS_OF_VERSIONS, example: 'replace' };

/** The schema of the time of a change. */
export const CHANGED_AT = { format: 'date-time', example: '2025-11-22T10:05:00.456Z' };

/** The schema of the caller that made a change. */
export const ACTOR = {
  type: 'string',
  nullable: true,
  maxLength: MAX_CALLER_LENGTH,
  description:
    'Who made it: key:{id}, jwt:{issuer}|{subject}, anonymous, or service. null if that was not recorded then',
  example: 'anonymous',
} as const;

/** One change of an item, with the item after it. */
@ApiSchema({ name: 'ItemVersion' })
export class ItemVersionDto {
  @ApiProperty({ ...VERSION, example: 3 })
  version!: number;

  @ApiProperty(VERSION_OPERATION)
  operation!: VersionOperation;

  @ApiProperty(CHANGED_AT)
  at!: string;

  @ApiProperty(ACTOR)
  actor!: string | null;

  @ApiPropertyOptional({
    ...REQUEST_ID,
    description: 'X-Request-Id of the request that made it; absent if the version was erased',
    example: 'a1b2c3',
  })
  requestId?: string;

  @ApiPropertyOptional({
    type: ItemDto,
    description: 'The item after the change; a delete and an erasure have none, nor has a version that was erased',
  })
  item?: ItemDto;

  @ApiPropertyOptional({
    type: 'boolean',
    enum: [true],
    description: 'Whether the version was erased; absent if not',
    example: true,
  })
  erased?: true;
}

/** One page of the versions of an item, the newest first. */
@ApiSchema({ name: 'ItemVersionPage' })
export class ItemVersionPageDto {
  @ApiProperty({ type: [ItemVersionDto], maxItems: PAGE_LIMIT_MAX })
  versions!: ItemVersionDto[];

  @Next()
  next!: string | null;
}

export function toVersionDto(past: PastVersion): ItemVersionDto {
  const { version, operation, at, actor, requestId, item } = past;
  const change = { version, operation, at, actor };
  return isErased(past)
    ? { ...change, erased: true }
    : { ...change, requestId, ...(item && { item: toItemDto(item) }) };
}
