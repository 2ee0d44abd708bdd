import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, ValidateBy } from 'class-validator';
import { Length } from '../../http/body/validation/json-rules.js';
import { parseTime } from '../filter/time-value.js';
import { FIELDS_LENGTH_MAX, FIELDS_MAX, FIELDS_PATTERN, LISTED_MEMBERS } from '../store/list/projection.js';
import { IfGiven } from './page-parameters.js';

/** Fields that tools send. */
export const FIELDS_EXAMPLE = 'id,name,attributes.thread';

/** The query parameter `fields`. */
export function Fields(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description:
        `Only these members, up to ${FIELDS_MAX}, separated by commas. attributes can go on with the names of members, each after ` +
        'a dot; a name with a dot, a comma, a quote, a space or a backslash stands in double quotes',
      pattern: FIELDS_PATTERN,
      maxLength: FIELDS_LENGTH_MAX,
      example: FIELDS_EXAMPLE,
    }),
    Matches(new RegExp(FIELDS_PATTERN, 'u'), {
      message:
        `fields must be a list of up to ${FIELDS_MAX} of ${LISTED_MEMBERS.join(', ')}, separated by commas; ` +
        'attributes can go on with names, as in attributes.thread.',
    }),
    Length(1, FIELDS_LENGTH_MAX),
    IfGiven(),
  );
}

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
