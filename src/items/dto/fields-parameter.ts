import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Length } from '../../http/body/validation/json-rules.js';
import { RESERVED } from '../filter/attribute-names.js';
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
        `a dot; as in filter, a name with a dot, a space or one of ${RESERVED} stands in quotes`,
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
