import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, Matches, ValidateBy } from 'class-validator';
import { RequestSchema } from '../../contract/openapi/schemas.js';
import { Length } from '../../http/body/validation/json-rules.js';
import { MAX_BYTES } from '../filter/parse-filter.js';
import { wordsOf } from '../search/words.js';
import { SORT_DEFAULT, SORTS } from '../store/list/sort.js';

import { Fields, FIELDS_EXAMPLE } from './fields-parameter.js';
import { Cursor, IfGiven, Limit } from './page-parameters.js';
import { ITEM_IDS, PAGE_LIMIT_MAX } from './item.schemas.js';

/** The longest `q`, in code points. */
const Q_LENGTH_MAX = 200;

const WORDS_RULE = {
  name: 'words',
  validator: {
    validate: (value: unknown) => typeof value === 'string' && wordsOf(value).length > 0,
    defaultMessage: () => 'q must have a letter or digit.',
  },
};

/** The list of all items by id. Its cursors must stay valid: the oldest were given out before there were others. */
const LISTING = 'items';

const BY_DEFAULT = JSON.stringify([undefined, undefined, undefined, SORT_DEFAULT, undefined, 'false']);

/** What decides which items are in a list, and in which order and form. */
type Choice = Pick<ListItemsDto, 'filter' | 'q' | 'ids' | 'sort' | 'fields' | 'deleted'>;

/** Names a list, for its cursors. */
export function listingOf({ filter, q, ids, sort = SORT_DEFAULT, fields, deleted = 'false' }: Choice): string {
  const parameters = JSON.stringify([filter, q, ids, sort, fields, deleted]);
  return parameters === BY_DEFAULT ? LISTING : `${LISTING}?${parameters}`;
}

/** What tools send. Postman and Swagger UI send all of them at once, so the example of a cursor is of that list. */
const EXAMPLES = {
  filter: 'name==Bolt*;attributes.thread=in=(M6,M8)',
  q: 'bolt zinc',
  ids: ITEM_IDS.example,
  sort: SORT_DEFAULT,
  fields: FIELDS_EXAMPLE,
  deleted: 'false',
};

const SORT_NAMES = [...SORTS.keys()];

/** A parameter that is true or false. */
const Flag = (name: string): PropertyDecorator =>
  IsIn(['true', 'false'], { message: `${name} must be true or false.` });

/** The query of GET and QUERY /items, each value as it was sent. class-validator runs the rules of a member from the last to the first. */
// Not ListItems: a generator makes the name of a parameter's type from that of its operation.
@RequestSchema('ItemQuery')
export class ListItemsDto {
  @Limit(
    `The most items of a page; with ids ${PAGE_LIMIT_MAX} if it is left out. A page of more than 1 MiB has fewer, and a next`,
  )
  limit?: number;

  @Cursor(listingOf(EXAMPLES), '0')
  cursor?: string;

  @ApiPropertyOptional({
    description:
      'Only items that match this condition in RSQL, such as `name==Bolt*;attributes.thread==M8`: `;` is and, `,` is or, and ' +
      'parentheses group. Operators: ==, !=, =lt=, =le=, =gt=, =ge=, =in=(…), =out=(…), =ex=true or false. `*` stands for any text at the ' +
      'beginning or end of a value; quotes make a value text',
    minLength: 1,
    maxLength: MAX_BYTES,
    example: EXAMPLES.filter,
  })
  @IsString()
  @IfGiven()
  filter?: string;

  @ApiPropertyOptional({
    description:
      'Only items in whose name, description or tags all of these words occur, or words that begin with them. Case and accents ' +
      'do not matter. A word is a run of letters and digits',
    minLength: 1,
    maxLength: Q_LENGTH_MAX,
    example: EXAMPLES.q,
  })
  @ValidateBy(WORDS_RULE)
  @Length(1, Q_LENGTH_MAX)
  @IfGiven()
  q?: string;

  @ApiPropertyOptional({
    description:
      'Only items with these ids, separated by commas. There is no error for an id that no item has: it is not in the list',
    pattern: ITEM_IDS.pattern.source,
    example: EXAMPLES.ids,
  })
  @Matches(ITEM_IDS.pattern, { message: `ids must be ${ITEM_IDS.expected}.` })
  @IfGiven()
  ids?: string;

  @ApiPropertyOptional({
    description: 'The order; - means descending. Items that are equal in it are sorted by id in the same direction',
    enum: SORT_NAMES,
    default: SORT_DEFAULT,
    example: EXAMPLES.sort,
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
    example: false,
  })
  @Flag('deleted')
  @IfGiven()
  deleted?: string;

  @ApiPropertyOptional({
    type: 'boolean',
    description:
      'Whether the answer has count, the number of items in the whole list. It takes longer the more there are',
    default: false,
    example: false,
  })
  @Flag('count')
  @IfGiven()
  count?: string;
}
