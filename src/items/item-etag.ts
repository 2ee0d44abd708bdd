import { entityTag, weakEntityTag } from '../http/fields/conditions/entity-tag.js';
import type { Validators } from '../http/fields/conditions/preconditions.js';
import type { Item } from './store/item.entity.js';
import type { ItemKey } from './store/items.repository.js';

/**
 * The strong entity-tag of a state of an item, e.g. `"3-9f86d081"`. The version alone is not enough: after a backup was
 * restored, the same version is given to another state.
 */
export function entityTagOf({ version, revision }: Pick<Item, 'version' | 'revision'>): string {
  return entityTag(`${version}-${revision}`);
}

/** The validators of an item (RFC 9110 §8.8). The time is cut to whole seconds: an HTTP-date has no more. */
export function validatorsOf(item: Item): Validators {
  return { entityTag: entityTagOf(item), lastModified: Math.floor(Date.parse(item.updatedAt) / 1_000) * 1_000 };
}

/**
 * The validators of a page. Its tag is a digest of the query and of the id and tag of each item: nothing else decides what
 * the page holds. The tag is weak, so it stays the same under any content coding.
 */
export function listValidatorsOf(query: object, items: ItemKey[], next: string | null): Validators {
  return {
    entityTag: weakEntityTag([JSON.stringify(query), next, ...items.flatMap((item) => [item.id, entityTagOf(item)])]),
  };
}
