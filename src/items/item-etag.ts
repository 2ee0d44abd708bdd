import { digestTag, entityTag, weakEntityTag } from '../http/fields/conditions/entity-tag.js';
import type { Validators } from '../http/fields/conditions/preconditions.js';
import { isErased, revisionOf } from './store/item-version.js';
import type { Item } from './store/item.entity.js';
import type { PastVersion } from './store/history/item-history.js';

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

/** The validators of a version: those that the item had then. */
export function validatorsOfVersion({ version, commandId, at }: PastVersion): Validators {
  return {
    entityTag: entityTagOf({ version, revision: revisionOf(commandId) }),
    lastModified: Math.floor(Date.parse(at) / 1_000) * 1_000,
  };
}

/** The validators of a page of versions. The tag is strong, so that If-Match can have it: the versions decide every byte of a page. */
export function validatorsOfPage(query: object, versions: PastVersion[], next: string | null): Validators {
  const keys = versions.map((one) => `${one.version}-${one.commandId}${isErased(one) ? ' erased' : ''}`);
  return { entityTag: digestTag([JSON.stringify(query), next, ...keys]) };
}

/** What identifies the state of a page. */
export interface ListState {
  /** The id, version and revision of each item, as text. */
  keys: string;
  /** The cursor of the next page; null on the last one. */
  next: string | null;
  /** How many items the whole list has, if that was asked for. */
  count: number | undefined;
}

/**
 * The validators of a page. Its tag is a digest of the query and of the keys of the items: nothing else decides what the page
 * holds. The tag is weak, so it stays the same under any content coding.
 */
export function listValidatorsOf(query: object, { keys, next, count }: ListState): Validators {
  return { entityTag: weakEntityTag([JSON.stringify(query), next, String(count), keys]) };
}
