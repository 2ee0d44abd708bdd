import type { Filter } from '../../filter/filter.js';
import { asksForTags } from '../filter/tag-condition.js';
import type { ListedMember } from './projection.js';
import type { Sort } from './sort.js';

/** A page of a list of items. */
export interface ListQuery {
  /** Only items that match. */
  filter?: Filter;
  /** Only items that have words which begin with each of these; see wordsOf. */
  words?: string[];
  /** Only these; undefined for all. */
  ids?: string[];
  isWithDeleted: boolean;
  sort: Sort;
  after?: Position;
  limit: number;
  members: ListedMember[];
  /** Whether all items of the list are counted, those of other pages too. */
  isCounted: boolean;
}

/** Where a list goes on: after the item with this id, and this value of the member that it is sorted by. */
export interface Position {
  id: string;
  /** Absent if the list is sorted by id. */
  value?: string;
}

/** What identifies the state of a page. */
export interface PageKeys {
  /** The id, version and revision of each item, as text. */
  keys: string;
  /** Set if another page follows. */
  last?: Position;
  /** Set if it was asked for. */
  count?: number;
}

/** A page. */
export interface Page extends PageKeys {
  /** The items as JSON, with commas between them. */
  items: string;
}

/** Whether the search data of all items must be there to answer it. */
export function usesSearchData({ filter, words }: ListQuery): boolean {
  return words !== undefined || (filter !== undefined && asksForTags(filter));
}
