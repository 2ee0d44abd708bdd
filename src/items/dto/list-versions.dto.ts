import { Cursor, Limit } from './page-parameters.js';

/** Binds the cursors of the versions of an item to that item. */
export function versionsListing(itemId: string): string {
  return `versions of ${itemId}`;
}

/** The query of GET /items/{id}/versions. */
export class ListVersionsDto {
  @Limit('The most versions of a page. A page of more than 1 MiB has fewer, and a next')
  limit?: number;

  @Cursor(versionsListing('1'), '2')
  cursor?: string;
}
