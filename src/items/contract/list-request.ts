import { decodeCursor, encodeCursor } from '../../http/fields/cursor.js';
import { invalidCursor } from '../../http/fields/cursor.problems.js';
import { ITEM_ID, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../dto/item.schemas.js';
import { invalidFilter } from './items.problems.js';
import { FilterFault } from '../filter/filter-fault.js';
import type { Filter } from '../filter/filter.js';
import { parseFilter } from '../filter/parse-filter.js';
import { listingOf, type ListItemsDto } from '../dto/list-items.dto.js';
import { wordsOf } from '../search/words.js';
import { NAME_MAX } from '../store/item.limits.js';
import type { ListQuery, Position } from '../store/list/list-query.js';
import { parseProjection, WHOLE, type Projection } from '../store/list/projection.js';
import { SORT_DEFAULT, SORTS, type Sort } from '../store/list/sort.js';

/** What a request for a list asks for. */
export interface ListRequest {
  /** The query as it was sent. */
  dto: ListItemsDto;
  query: ListQuery;
  projection: Projection;
}

/** Reads the query of GET and QUERY /items. Problems: invalidFilter, invalidCursor (400). */
export function readListRequest(dto: ListItemsDto): ListRequest {
  const { filter, q, ids, sort: name = SORT_DEFAULT, fields, deleted, count } = dto;
  const sort = SORTS.get(name)!;
  const projection = fields === undefined ? WHOLE : parseProjection(fields);
  const query = {
    filter: filter === undefined ? undefined : readFilter(filter),
    words: q === undefined ? undefined : wordsOf(q),
    ids: ids?.split(','),
    isWithDeleted: deleted === 'true',
    sort,
    after: positionOf(dto, sort),
    limit: limitOf(dto),
    members: projection.members,
    isCounted: count === 'true',
  };
  return { dto, query, projection };
}

function readFilter(text: string): Filter {
  try {
    return parseFilter(text);
  } catch (error) {
    throw error instanceof FilterFault ? invalidFilter(error) : error;
  }
}

/** Whoever names ids expects all of them. */
export function limitOf({ limit, ids }: ListItemsDto): number {
  return limit ?? (ids === undefined ? PAGE_LIMIT_DEFAULT : PAGE_LIMIT_MAX);
}

/** The cursor of the page after a position. */
export function cursorAfter({ id, value }: Position, dto: ListItemsDto): string {
  return encodeCursor(listingOf(dto), value === undefined ? id : JSON.stringify([id, value]));
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function positionOf(dto: ListItemsDto, { member }: Sort): Position | undefined {
  if (dto.cursor === undefined) return undefined;
  const text = decodeCursor(listingOf(dto), dto.cursor);
  // The checksum is no secret: anybody can make a cursor with any position.
  const [id, value] = member === 'id' ? [text] : valuesIn(text);
  if (typeof id !== 'string' || !ITEM_ID.pattern.test(id)) throw invalidCursor();
  if (member === 'id') return { id };
  if (typeof value !== 'string' || !(member === 'name' ? isName(value) : TIME.test(value))) throw invalidCursor();
  return { id, value };
}

function valuesIn(text: string): unknown[] {
  try {
    const values: unknown = JSON.parse(text);
    return Array.isArray(values) && values.length === 2 ? values : [];
  } catch {
    return [];
  }
}

function isName(value: string): boolean {
  return value.length <= 2 * NAME_MAX && value.isWellFormed() && !value.includes('\0');
}
