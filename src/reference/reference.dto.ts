import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { CODE, LINK, NAME, PROSE, STATUS } from '../contract/openapi/bounds.js';

/** An operation by its names. */
@ApiSchema({ name: 'OperationName' })
class OperationNameDto {
  @ApiProperty({ ...NAME, description: 'operationId of the OpenAPI document', example: 'getItem' })
  id!: string;

  @ApiProperty({ ...NAME, example: 'GET' })
  method!: string;

  @ApiProperty({ ...NAME, example: '/items/{id}' })
  path!: string;

  @ApiProperty({ ...NAME, example: 'Read an item' })
  summary!: string;
}

/** A member that one problem type has in addition to those of all. */
@ApiSchema({ name: 'ProblemMember' })
class ProblemMemberDto {
  @ApiProperty({ ...NAME, example: 'itemId' })
  name!: string;

  @ApiProperty({ ...PROSE, example: 'Id of the item' })
  description!: string;

  @ApiProperty({ description: 'Whether some occurrences lack it', example: false })
  isOptional!: boolean;
}

/** What the service says about one problem type. */
@ApiSchema({ name: 'ProblemType' })
export class ProblemTypeDto {
  @ApiProperty({ ...LINK, description: 'URI of the problem type', example: '/problems/item-not-found' })
  type!: string;

  @ApiProperty({ ...CODE, example: 'item-not-found' })
  code!: string;

  @ApiProperty({ ...STATUS, example: 404 })
  status!: number;

  @ApiProperty({ ...NAME, example: 'Item not found' })
  title!: string;

  @ApiProperty({ ...PROSE, description: 'What the problem means', example: 'No item has this id now.' })
  meaning!: string;

  @ApiProperty({ ...PROSE, description: 'What a client should do about it', example: 'Check the id.' })
  remedy!: string;

  @ApiProperty({ description: 'Whether the very same request may succeed later', example: false })
  retryable!: boolean;

  @ApiProperty({
    ...PROSE,
    description: 'Whether and when a retry helps',
    example: 'Only after somebody has created the item.',
  })
  retry!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', ...NAME },
    description: 'Header fields that every occurrence carries',
    example: ['Allow'],
  })
  headerFields!: string[];

  @ApiProperty({ type: [ProblemMemberDto], description: 'Members in addition to those that all problems have' })
  members!: ProblemMemberDto[];

  @ApiProperty({ type: [OperationNameDto], description: 'The operations that give it' })
  operations!: OperationNameDto[];

  @ApiProperty({ description: 'Whether it is also, or only, given outside operations', example: false })
  isGivenOutside!: boolean;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'A problem of this type',
    example: { type: '/problems/item-not-found', title: 'Item not found', status: 404, code: 'item-not-found' },
  })
  example!: object;
}

/** Every problem type. */
@ApiSchema({ name: 'ProblemTypes' })
export class ProblemTypesDto {
  @ApiProperty({ type: [ProblemTypeDto] })
  problems!: ProblemTypeDto[];
}

/** One answer that an operation may give. */
@ApiSchema({ name: 'PossibleAnswer' })
export class PossibleAnswerDto {
  @ApiProperty({ ...STATUS, example: 404 })
  status!: number;

  @ApiPropertyOptional({ ...CODE, description: 'code of the problem, if it is one', example: 'item-not-found' })
  code?: string;

  @ApiPropertyOptional({
    ...LINK,
    description: 'URI of the problem type',
    example: '/problems/item-not-found',
  })
  type?: string;

  @ApiPropertyOptional({ ...LINK, description: 'Where the schema of a success is' })
  schema?: string;
}

/** An operation with every answer that it may give. */
@ApiSchema({ name: 'OperationAnswers' })
class OperationAnswersDto extends OperationNameDto {
  @ApiProperty({ type: [PossibleAnswerDto] })
  answers!: PossibleAnswerDto[];
}

/** What every operation may answer, and what is answered outside operations. */
@ApiSchema({ name: 'StatusCodes' })
export class StatusCodesDto {
  @ApiProperty({ type: [OperationAnswersDto] })
  operations!: OperationAnswersDto[];

  @ApiProperty({ type: [PossibleAnswerDto] })
  outside!: PossibleAnswerDto[];
}
