import { ApiProperty } from '@nestjs/swagger';
import { IsDefined, ValidateBy } from 'class-validator';
import { VERSION, VERSION_MAX } from '../../contract/openapi/bounds.js';
import { RequestSchema } from '../../contract/openapi/schemas.js';

const VERSION_RULE = {
  name: 'integer',
  validator: {
    validate: (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= VERSION_MAX,
    defaultMessage: () => `version must be a whole number from 1 to ${VERSION_MAX}.`,
  },
};

/** The body of POST /items/{id}/restore. */
@RequestSchema('RestoreItem')
export class RestoreItemDto {
  @ApiProperty({ ...VERSION, maximum: VERSION_MAX, description: 'The version whose state the item gets', example: 1 })
  @ValidateBy(VERSION_RULE)
  @IsDefined({ message: 'version is missing.' })
  version!: number;
}
