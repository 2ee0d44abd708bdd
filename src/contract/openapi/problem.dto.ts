import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { CODE, COUNT, LINK, NAME, OF_HEAD, POINTER, POSITION, REQUEST_ID, STATUS } from './bounds.js';

/** One fault of the input, as sent to clients. */
@ApiSchema({ name: 'InputFault' })
class InputFaultDto {
  @ApiPropertyOptional({
    ...POINTER,
    description: 'JSON Pointer (RFC 6901) of the member in the body',
    example: '/name',
  })
  pointer?: string;

  @ApiPropertyOptional({ ...OF_HEAD, description: 'Name of the path or query parameter', example: 'limit' })
  parameter?: string;

  @ApiPropertyOptional({ ...OF_HEAD, description: 'Name of the header field' })
  header?: string;

  @ApiProperty({ ...NAME, description: 'Stable name of the broken rule', example: 'required' })
  rule!: string;

  @ApiProperty({ ...OF_HEAD, example: 'name is missing.' })
  detail!: string;

  @ApiPropertyOptional({
    description:
      'Where it begins: in the text of the body in UTF-16 units from 0, in a parameter in code points from 0',
    ...POSITION,
  })
  position?: number;
}

/** A problem as sent to clients (RFC 9457). Problem types add members of their own. */
// RFC 9457 §3.2. Open because it says nothing of other members, so that generated clients know exactly those of each type.
@ApiSchema({
  name: 'Problem',
  description: 'A problem (RFC 9457). Each type may add members. Clients ignore members that they don’t know.',
})
export class ProblemDto {
  @ApiProperty({ ...LINK, description: 'URI of the problem type', example: '/problems/item-not-found' })
  type!: string;

  @ApiProperty({ ...NAME, description: 'The same for every occurrence of the type', example: 'Item not found' })
  title!: string;

  @ApiProperty({ ...STATUS, description: 'The status code of the answer', example: 404 })
  status!: number;

  @ApiProperty({ ...OF_HEAD, description: 'What happened, and what to do', example: 'There is no item bolt-m8.' })
  detail!: string;

  @ApiProperty({ ...CODE, description: 'Name of the problem type', example: 'item-not-found' })
  code!: string;

  @ApiProperty({ ...REQUEST_ID, description: 'X-Request-Id of the answer', example: 'a1b2c3' })
  requestId!: string;

  @ApiProperty({ description: 'Whether the same request may succeed later', example: false })
  retryable!: boolean;

  @ApiPropertyOptional({ type: [InputFaultDto], description: 'Every fault of the input, up to 100', maxItems: 100 })
  errors?: InputFaultDto[];

  @ApiPropertyOptional({ ...COUNT, description: 'How many faults the input has beyond those in errors' })
  moreErrors?: number;
}
