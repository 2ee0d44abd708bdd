import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, ValidateBy, ValidateIf } from 'class-validator';
import { encodeCursor } from '../../http/fields/cursor.js';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './item.schemas.js';

/** For an optional query parameter. */
export const IfGiven = () => ValidateIf((_, value) => value !== undefined);

const PAGE_LIMIT = { default: PAGE_LIMIT_DEFAULT, max: PAGE_LIMIT_MAX };

/** The query parameter `limit`, as a number. */
export function Limit(description: string, limit = PAGE_LIMIT): PropertyDecorator {
  return WholeNumber('limit', { description, minimum: 1, maximum: limit.max, default: limit.default });
}

/** A query parameter that is a whole number in a range, as a number. */
export function WholeNumber(
  name: string,
  { minimum, maximum, ...described }: { description: string; minimum: number; maximum: number; default: number },
): PropertyDecorator {
  const rule = {
    name: 'integer',
    validator: {
      validate: (value: unknown) => Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
      defaultMessage: () => `${name} must be a whole number from ${minimum} to ${maximum}, in digits.`,
    },
  };
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum, maximum, ...described }),
    IfGiven(),
    ValidateBy(rule),
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
