import { decodeCursor, encodeCursor } from '../../http/fields/cursor.js';
import { invalidCursor } from '../../http/fields/cursor.problems.js';
import { INTEGER_MAX } from '../../contract/openapi/bounds.js';
import { PAGE_LIMIT_DEFAULT } from '../dto/item.schemas.js';
import { versionsListing, type ListVersionsDto } from '../dto/list-versions.dto.js';

/** What a request for the versions of an item asks for. */
export interface VersionsRequest {
  limit: number;
  /** Only versions before this one. */
  before: number;
}

/** A version in a path or a cursor, in digits: up to VERSION_MAX. */
export const VERSION_NUMBER = /^[1-9]\d{0,8}$/;

/** Reads the query of GET /items/{id}/versions. Problem: invalidCursor (400). */
export function readVersionsRequest(
  { limit = PAGE_LIMIT_DEFAULT, cursor }: ListVersionsDto,
  itemId: string,
): VersionsRequest {
  if (cursor === undefined) return { limit, before: INTEGER_MAX };
  const position = decodeCursor(versionsListing(itemId), cursor);
  if (!VERSION_NUMBER.test(position)) throw invalidCursor();
  return { limit, before: Number(position) };
}

/** The cursor of the page after a version. */
export function cursorAfterVersion(itemId: string, version: number): string {
  return encodeCursor(versionsListing(itemId), String(version));
}
