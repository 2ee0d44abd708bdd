import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { ITEM_IDS } from '../dto/item.schemas.js';
import { IfGiven, Limit, WholeNumber } from '../dto/page-parameters.js';
import { POSITION_PATTERN, positionText, START } from '../store/changes/position.js';

/** How many changes a page has: by default, and at most. */
export const CHANGES_LIMIT = { default: 100, max: 1_000 };

/** How long a request may wait: less than most proxies wait for an answer. */
const WAIT_MAX_SECONDS = 60;

/** In place of a position: behind the newest change. */
export const NOW = 'now';

const AFTER_PATTERN = `^(?:${NOW}|${POSITION_PATTERN})$`;

const INCLUDES = ['item', 'none'];

/** The query of GET /changes. */
export class ListChangesDto {
  @ApiPropertyOptional({
    description:
      'Where to go on: position of the page before, or of a change; now, if only later changes are wanted. Without it the feed begins ' +
      'with the oldest change that is kept with all that followed',
    pattern: AFTER_PATTERN,
    example: positionText(START),
  })
  @Matches(new RegExp(AFTER_PATTERN), { message: 'after must be now or a position, such as 42-9f86d081.' })
  @IfGiven()
  after?: string;

  @Limit('The most changes of a page. A page of more than 1 MiB has fewer', CHANGES_LIMIT)
  limit?: number;

  @ApiPropertyOptional({
    description:
      'Only changes of items with these ids, separated by commas. A page may be empty although its position is a later one: then go on ' +
      'from there',
    pattern: ITEM_IDS.pattern.source,
    example: ITEM_IDS.example,
  })
  @Matches(ITEM_IDS.pattern, { message: `ids must be ${ITEM_IDS.expected}.` })
  @IfGiven()
  ids?: string;

  @ApiPropertyOptional({
    description: 'Whether each change has the item after it',
    enum: INCLUDES,
    default: 'item',
    example: 'item',
  })
  @IsIn(INCLUDES, { message: `include must be ${INCLUDES.join(' or ')}.` })
  @IfGiven()
  include?: string;

  @WholeNumber('wait', {
    description:
      'How long to wait for a change if there is none yet, in seconds. Then the answer has none, and the same position. An event stream ' +
      'waits by itself',
    minimum: 0,
    maximum: WAIT_MAX_SECONDS,
    default: 0,
  })
  wait?: number;
}
