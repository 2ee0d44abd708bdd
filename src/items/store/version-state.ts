import type { Item } from './item.entity.js';

/** Names a version of an item. */
export interface VersionKey {
  itemId: string;
  version: number;
}

/** The item as a version left it; null if it was deleted then. */
export interface VersionState extends VersionKey {
  item: Item | null | 'erased';
}
