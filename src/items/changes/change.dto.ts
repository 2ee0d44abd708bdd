import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { REQUEST_ID, VERSION } from '../../contract/openapi/bounds.js';
import { ItemDto, toItemDto } from '../dto/item.dto.js';
import { ACTOR, CHANGED_AT, VERSION_OPERATION } from '../dto/item-version.dto.js';
import { ITEM_ID } from '../dto/item.schemas.js';
import { isErased, type VersionOperation } from '../store/item-version.js';
import type { ItemChange } from '../store/changes/item-changes.js';
import { POSITION_PATTERN, positionText } from '../store/changes/position.js';
import { CHANGES_LIMIT } from './list-changes.dto.js';

const POSITION = { pattern: `^${POSITION_PATTERN}$`, example: '42-9f86d081' };

/** One change in the feed. */
@ApiSchema({ name: 'Change' })
export class ChangeDto {
  @ApiProperty({ ...POSITION, description: 'The position behind this change' })
  position!: string;

  @ApiProperty(VERSION_OPERATION)
  operation!: VersionOperation;

  @ApiProperty({ maxLength: 128, pattern: ITEM_ID.pattern.source, example: ITEM_ID.example })
  id!: string;

  @ApiProperty({ ...VERSION, description: 'The version of the item that the change made', example: 3 })
  version!: number;

  @ApiProperty(CHANGED_AT)
  at!: string;

  @ApiProperty(ACTOR)
  actor!: string | null;

  @ApiPropertyOptional({
    ...REQUEST_ID,
    description: 'X-Request-Id of the request that made it; absent if the change was erased',
    example: 'a1b2c3',
  })
  requestId?: string;

  @ApiPropertyOptional({
    type: ItemDto,
    nullable: true,
    description:
      'The item after the change; null after a delete or an erasure, and if it was erased. Absent with include=none',
  })
  item?: ItemDto | null;

  @ApiPropertyOptional({
    type: 'boolean',
    enum: [true],
    description: 'Whether the change was erased; absent if not',
  })
  erased?: true;
}

/** One page of the feed. */
@ApiSchema({ name: 'ChangePage' })
export class ChangePageDto {
  @ApiProperty({ type: [ChangeDto], maxItems: CHANGES_LIMIT.max })
  changes!: ChangeDto[];

  @ApiProperty({ ...POSITION, description: 'Where the next page begins: its after' })
  position!: string;
}

/** The newest position of the feed. */
@ApiSchema({ name: 'LatestPosition' })
export class LatestPositionDto {
  @ApiProperty({ ...POSITION, description: 'Behind the newest change' })
  position!: string;
}

export function toChangeDto(change: ItemChange, isWithItem: boolean): ChangeDto {
  const { position, operation, itemId, version, at, actor, requestId, item } = change;
  return {
    position: positionText(position),
    operation,
    id: itemId,
    version,
    at,
    actor,
    ...(!isErased(change) && { requestId }),
    ...(isWithItem && { item: item && toItemDto(item) }),
    ...(isErased(change) && { erased: true }),
  };
}
