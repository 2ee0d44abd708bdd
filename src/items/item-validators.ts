import { entityTag, weakEntityTag } from '../http/entity-tag.js';
import type { Validators } from '../http/preconditions.js';
import type { Item } from './item.entity.js';
import type { ItemKey } from './items.repository.js';

/** What conditions on an item are judged against. The time is cut to whole seconds, which is all an HTTP-date has. */
export function validatorsOf({ version, updatedAt }: Item): Validators {
  return { entityTag: entityTag(version), lastModified: Math.floor(Date.parse(updatedAt) / 1_000) * 1_000 };
}

/**
 * What conditions on a listing are judged against. The tag is made of the query and of the id and version of each item,
 * which is all that decides on the content. It is weak, so that a coding of the content need not change it.
 */
export function listValidatorsOf(query: object, items: ItemKey[], next: string | null): Validators {
  return {
    entityTag: weakEntityTag([JSON.stringify(query), next, ...items.flatMap(({ id, version }) => [id, version])]),
  };
}
