import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, ValidateBy, ValidateIf } from 'class-validator';
import { encodeCursor } from '../../http/fields/cursor.js';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './item.schemas.js';

/** For an optional query parameter. */
export const IfGiven = () => ValidateIf((_, value) => value !== undefined);

const LIMIT_RULE = {
  name: 'integer',
  validator: {
    validate: (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PAGE_LIMIT_MAX,
    defaultMessage: () => `limit must be a whole number from 1 to ${PAGE_LIMIT_MAX}, in digits.`,
  },
};

/** The query parameter `limit`, as a number. */
export function Limit(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'integer',
      description,
      minimum: 1,
      maximum: PAGE_LIMIT_MAX,
      default: PAGE_LIMIT_DEFAULT,
    }),
    IfGiven(),
    ValidateBy(LIMIT_RULE),
    // Digits only: Number() would also take '', '1e1' and ' 5'.
    Transform(({ value }) => (/^\d+$/.test(String(value)) ? Number(value) : Number.NaN)),
  );
}

/** The characters of a cursor. */
const CURSOR_PATTERN = '^[A-Za-z0-9_-]+$';

/**
 * The query parameter `cursor`. Tools send the example, and an invented cursor is a 400, so it is one of this listing, valid on any
 * database. `listing`: the one that all examples of the query together ask for.
 */
export function Cursor(listing: string, position: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      description: 'Where the page begins: next of the page before',
      pattern: CURSOR_PATTERN,
      example: encodeCursor(listing, position),
    }),
    IfGiven(),
    IsString(),
  );
}

/** The member `next` of a page. */
export function Next(): PropertyDecorator {
  return ApiProperty({
    type: 'string',
    nullable: true,
    pattern: CURSOR_PATTERN,
    description: 'cursor of the next page; null on the last one',
    example: null,
  });
}
