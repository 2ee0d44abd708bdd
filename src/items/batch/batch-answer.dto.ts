import { ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { LINK, STATUS } from '../../contract/openapi/bounds.js';
import { ProblemDto } from '../../contract/openapi/problem.dto.js';
import { ItemDto } from '../dto/item.dto.js';
import { OPERATIONS_MAX } from './batch.limits.js';

const FIELD = { maxLength: 200 };

/** The header fields of a result that matter. */
@ApiSchema({ name: 'BatchResultHeaders' })
export class BatchResultHeadersDto {
  @ApiPropertyOptional({ ...FIELD, example: '"3-9f86d081"' })
  ETag?: string;

  @ApiPropertyOptional(LINK)
  Location?: string;

  @ApiPropertyOptional({ ...LINK, example: '/items/bolt-m8' })
  'Content-Location'?: string;

  @ApiPropertyOptional({ enum: ['return=minimal', 'return=representation'] })
  'Preference-Applied'?: string;

  @ApiPropertyOptional({ enum: ['true'] })
  'Idempotency-Replayed'?: string;

  @ApiPropertyOptional({ ...FIELD, description: 'With 409 and 503' })
  'Retry-After'?: string;

  @ApiPropertyOptional({ ...FIELD, description: 'With 415' })
  Accept?: string;

  @ApiPropertyOptional({ ...FIELD, description: 'With 415' })
  'Accept-Patch'?: string;
}

/** The answer to one operation of a batch. */
@ApiSchema({ name: 'BatchResult' })
export class BatchResultDto {
  @ApiProperty({ ...STATUS, description: 'What the request alone would have got', example: 200 })
  status!: number;

  @ApiProperty({ type: BatchResultHeadersDto })
  headers!: BatchResultHeadersDto;

  @ApiPropertyOptional({
    anyOf: [{ $ref: getSchemaPath(ItemDto) }, { $ref: getSchemaPath(ProblemDto) }],
    description:
      'The item, or from status 400 on the problem, whose pointers begin at the operation; absent if the answer has no body',
  })
  body?: ItemDto | ProblemDto;
}

/** The answer to POST /batch. */
@ApiSchema({ name: 'BatchAnswer' })
export class BatchAnswerDto {
  @ApiProperty({
    type: [BatchResultDto],
    minItems: 1,
    maxItems: OPERATIONS_MAX,
    description: 'One for each operation, in their order',
  })
  results!: BatchResultDto[];
}
