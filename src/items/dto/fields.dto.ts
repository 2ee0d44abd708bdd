import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { Length } from '../../http/body/validation/json-rules.js';
import { FIELDS_LENGTH_MAX, FIELDS_MAX, FIELDS_PATTERN, LISTED_MEMBERS } from '../store/list/projection.js';

/** For an optional query parameter. */
export const IfGiven = () => ValidateIf((_, value) => value !== undefined);

/** The query parameter `fields`. */
export function Fields(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description:
        `Only these members, up to ${FIELDS_MAX}, separated by commas. attributes can go on with the names of members, each after ` +
        'a dot; a name with a dot, a comma, a quote, a space or a backslash stands in double quotes',
      pattern: FIELDS_PATTERN,
      maxLength: FIELDS_LENGTH_MAX,
      example: 'id,name,attributes.thread',
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

/** The query of GET /items/{id}. */
export class GetItemDto {
  @Fields()
  fields?: string;
}
