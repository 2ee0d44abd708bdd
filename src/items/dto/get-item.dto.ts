import { ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { parseTime } from '../filter/time-value.js';
import { Fields } from './fields-parameter.js';
import { IfGiven } from './page-parameters.js';

const TIME_RULE = {
  name: 'format',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && parseTime(value) !== undefined,
    defaultMessage: () =>
      'at must be a time of RFC 3339, such as 2026-01-31T12:00:00Z; the + of an offset is %2B in a URL.',
  },
};

/** The query of GET /items/{id}. */
export class GetItemDto {
  @Fields()
  fields?: string;

  @ApiPropertyOptional({
    description: 'The item as it was at this time, with any offset from UTC',
    format: 'date-time',
    // Readers of JSON Schema allow a space in place of T.
    pattern: String.raw`^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$`,
    example: '2100-01-31T12:00:00Z',
  })
  @ValidateBy(TIME_RULE)
  @IfGiven()
  at?: string;
}
