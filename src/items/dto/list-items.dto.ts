import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, ValidateBy, ValidateIf } from 'class-validator';
import { encodeCursor } from '../../http/fields/cursor.js';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './item.schemas.js';

const LIMIT_RULE = {
  name: 'integer',
  validator: {
    validate: (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PAGE_LIMIT_MAX,
    defaultMessage: () => `limit must be a whole number from 1 to ${PAGE_LIMIT_MAX}, in digits.`,
  },
};

/** Binds the cursors of GET /items to that listing. */
export const LISTING = 'items';

/** The characters of a cursor. */
export const CURSOR_PATTERN = '^[A-Za-z0-9_-]+$';

/** The query of GET /items. */
export class ListItemsDto {
  @ApiPropertyOptional({
    type: 'integer',
    description: 'The most items of a page. A page of more than 1 MiB has fewer, and a next',
    minimum: 1,
    maximum: PAGE_LIMIT_MAX,
    default: PAGE_LIMIT_DEFAULT,
  })
  @ValidateBy(LIMIT_RULE)
  // Digits only: Number() would also take '', '1e1' and ' 5'.
  @Transform(({ value }) => (/^\d+$/.test(String(value)) ? Number(value) : Number.NaN))
  limit: number = PAGE_LIMIT_DEFAULT;

  @ApiPropertyOptional({
    description: 'Where the page begins: next of the page before',
    pattern: CURSOR_PATTERN,
    // Tools send the example, and an invented cursor is a 400. This one is valid on any database.
    example: encodeCursor(LISTING, '0'),
  })
  @IsString()
  @ValidateIf((_, value) => value !== undefined)
  cursor?: string;
}
