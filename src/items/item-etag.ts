import { entityTag, weakEntityTag } from '../http/fields/entity-tag.js';
import type { Validators } from '../http/fields/preconditions.js';
import type { Item } from './store/item.entity.js';
import type { ItemKey } from './store/items.repository.js';

/**
 * The strong entity-tag of a state of an item, e.g. `"3-9f86d081"`. The version alone would not do: after a backup of the
 * database was restored, it comes again for another state.
 */
export function tagOf({ version, revision }: Pick<Item, 'version' | 'revision'>): string {
  return entityTag(`${version}-${revision}`);
}

/** What conditions on an item are judged against. The time is cut to whole seconds, which is all an HTTP-date has. */
export function validatorsOf(item: Item): Validators {
  return { entityTag: tagOf(item), lastModified: Math.floor(Date.parse(item.updatedAt) / 1_000) * 1_000 };
}

/**
 * What conditions on a listing are judged against. The tag is made of the query and of the id and tag of each item, which
 * is all that decides on the content. It is weak, so that a coding of the content need not change it.
 */
export function listValidatorsOf(query: object, items: ItemKey[], next: string | null): Validators {
  return {
    entityTag: weakEntityTag([JSON.stringify(query), next, ...items.flatMap((item) => [item.id, tagOf(item)])]),
  };
}
