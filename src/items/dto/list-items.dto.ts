import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsString, Matches, ValidateBy } from 'class-validator';
import { encodeCursor } from '../../http/fields/cursor.js';
import { RequestSchema } from '../../contract/openapi/schemas.js';
import { MAX_BYTES } from '../filter/parse-filter.js';
import { SORT_DEFAULT, SORTS } from '../store/list/sort.js';

import { Fields, IfGiven } from './fields.dto.js';
import { ITEM_IDS, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './item.schemas.js';

const LIMIT_RULE = {
  name: 'integer',
  validator: {
    validate: (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= PAGE_LIMIT_MAX,
    defaultMessage: () => `limit must be a whole number from 1 to ${PAGE_LIMIT_MAX}, in digits.`,
  },
};

/** The list of all items by id. Its cursors must stay valid: the oldest were given out before there were others. */
export const LISTING = 'items';

/** The characters of a cursor. */
export const CURSOR_PATTERN = '^[A-Za-z0-9_-]+$';

const SORT_NAMES = [...SORTS.keys()];

/** A parameter that is true or false. */
const Flag = (name: string): PropertyDecorator =>
  IsIn(['true', 'false'], { message: `${name} must be true or false.` });

/** The query of GET and QUERY /items, each value as it was sent. class-validator runs the rules of a member from the last to the first. */
@RequestSchema('ListItems')
export class ListItemsDto {
  @ApiPropertyOptional({
    type: 'integer',
    description: `The most items of a page; with ids ${PAGE_LIMIT_MAX} if it is left out. A page of more than 1 MiB has fewer, and a next`,
    minimum: 1,
    maximum: PAGE_LIMIT_MAX,
    default: PAGE_LIMIT_DEFAULT,
  })
  @ValidateBy(LIMIT_RULE)
  // Digits only: Number() would also take '', '1e1' and ' 5'.
  @Transform(({ value }) => (/^\d+$/.test(String(value)) ? Number(value) : Number.NaN))
  @IfGiven()
  limit?: number;

  @ApiPropertyOptional({
    description: 'Where the page begins: next of the page before',
    pattern: CURSOR_PATTERN,
    // Tools send the example, and an invented cursor is a 400. This one is valid on any database.
    example: encodeCursor(LISTING, '0'),
  })
  @IsString()
  @IfGiven()
  cursor?: string;

  @ApiPropertyOptional({
    description:
      'Only items that match this condition in RSQL, such as `name==Bolt*;attributes.thread==M8`: `;` is and, `,` is or. ' +
      'docs/finding-items.md has all operators',
    minLength: 1,
    maxLength: MAX_BYTES,
    example: 'name==Bolt*;attributes.thread=in=(M6,M8)',
  })
  @IsString()
  @IfGiven()
  filter?: string;

  @ApiPropertyOptional({
    description:
      'Only items with these ids, separated by commas. There is no error for an id that no item has: it is not in the list',
    pattern: ITEM_IDS.pattern.source,
    example: ITEM_IDS.example,
  })
  @Matches(ITEM_IDS.pattern, { message: `ids must be ${ITEM_IDS.expected}.` })
  @IfGiven()
  ids?: string;

  @ApiPropertyOptional({
    description: 'The order; - means descending. Items that are equal in it are sorted by id in the same direction',
    enum: SORT_NAMES,
    default: SORT_DEFAULT,
  })
  @IsIn(SORT_NAMES, { message: `sort must be one of ${SORT_NAMES.join(', ')}.` })
  @IfGiven()
  sort?: string;

  @Fields()
  fields?: string;

  @ApiPropertyOptional({
    type: 'boolean',
    description: 'Whether deleted items are listed too, with deletedAt',
    default: false,
  })
  @Flag('deleted')
  @IfGiven()
  deleted?: string;

  @ApiPropertyOptional({
    type: 'boolean',
    description:
      'Whether the answer has count, the number of items in the whole list. It takes longer the more there are',
    default: false,
  })
  @Flag('count')
  @IfGiven()
  count?: string;
}
