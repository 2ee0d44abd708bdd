import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsString,
  ValidateIf,
} from 'class-validator';
import { ANY, RequestSchema } from '../../contract/openapi/schemas.js';
import { Length } from '../../http/body/validation/json-rules.js';
import { HEADER_LIMIT_BYTES, TARGET_LIMIT_BYTES } from '../../http/wire/size-limits.js';
import { OPERATIONS_MAX } from './batch.limits.js';

/** The methods that operations of a batch can have. */
export const BATCH_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type BatchMethod = (typeof BATCH_METHODS)[number];

const IfGiven = () => ValidateIf((_, value) => value !== undefined);

/** What a request has in its target or header, as an optional member. What it says is judged with its operation. */
function Text(name: string, maxLength: number, description: string, example?: string): PropertyDecorator {
  const decorators = [
    ApiPropertyOptional({ type: 'string', maxLength, description, ...(example !== undefined && { example }) }),
    Length(0, maxLength),
    IsString({ message: `${name} must be a string.` }),
    IfGiven(),
  ];
  return (target, key) => decorators.toReversed().forEach((decorate) => decorate(target, key));
}

/** One operation: what the request alone would say. */
@RequestSchema('BatchOperation')
export class BatchOperationDto {
  @ApiProperty({ enum: BATCH_METHODS, example: 'PUT' })
  @IsIn(BATCH_METHODS, { message: `method must be one of ${BATCH_METHODS.join(', ')}.` })
  @IsDefined({ message: 'method is missing.' })
  method!: BatchMethod;

  @Text('id', TARGET_LIMIT_BYTES, 'Id of the item. With POST it may be left out, since the body has it', 'bolt-m8')
  id?: string;

  @Text('ifMatch', HEADER_LIMIT_BYTES, 'As If-Match')
  ifMatch?: string;

  @Text('ifNoneMatch', HEADER_LIMIT_BYTES, 'As If-None-Match')
  ifNoneMatch?: string;

  @Text('idempotencyKey', HEADER_LIMIT_BYTES, 'As Idempotency-Key. Only if atomic is false')
  idempotencyKey?: string;

  @Text('contentType', HEADER_LIMIT_BYTES, 'As Content-Type; application/json if left out', 'application/json')
  contentType?: string;

  @ApiPropertyOptional({
    type: ANY,
    description: 'As the body of the request; DELETE has none',
    example: { name: 'Bolt M8' },
  })
  @Allow()
  body?: unknown;
}

/** The body of POST /batch. */
@RequestSchema('Batch')
export class BatchDto {
  @ApiProperty({
    description: 'true: all operations are carried out, or none. false: each is carried out or refused by itself',
    example: true,
  })
  @IsBoolean({ message: 'atomic must be true or false.' })
  @IsDefined({ message: 'atomic is missing.' })
  atomic!: boolean;

  @ApiProperty({
    type: [BatchOperationDto],
    minItems: 1,
    maxItems: OPERATIONS_MAX,
    description: 'Carried out in this order. Each sees what those before it did',
  })
  @ArrayMaxSize(OPERATIONS_MAX, { message: `operations must have at most ${OPERATIONS_MAX} elements.` })
  @ArrayMinSize(1, { message: 'operations must have at least one element.' })
  @IsArray({ message: 'operations must be an array.' })
  @IsDefined({ message: 'operations is missing.' })
  operations!: unknown[];
}
