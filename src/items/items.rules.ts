import { HttpException } from '@nestjs/common';
import type { PatchDocument } from '../http/body/patch/patch.js';
import { judge, NO_CONDITIONS, refusalOf, type Conditions } from '../http/fields/conditions/preconditions.js';
import { preconditionRequired } from '../http/fields/conditions/condition.problems.js';
import { patchedContent } from './item-patch.js';
import { validatorsOf } from './item-etag.js';
import type { VersionOperation } from './store/item-version.js';
import type { Item } from './store/item.entity.js';
import { contentOf, type ItemContent } from './store/item.members.js';
import { itemNotDeleted, versionErased, versionNotFound, versionTrimmed } from './contract/versions.problems.js';
import { itemExists, itemIdDiffers, itemNotFound, itemVersionDiffers } from './contract/items.problems.js';

/** The conditions of a command. */
export interface Guard {
  conditions?: Conditions;
  /** Whether a change must name the version that it expects (RFC 6585 §3). */
  isRequired?: boolean;
}

/** A change that somebody asks for. */
export type Command = { id: string; guard?: Guard } &
  /** `listEntityTag`: the entity-tag of the list, which the conditions of a create are about; read only if there are some. */
  (
    | { kind: 'create'; content: ItemContent; listEntityTag?: string }
    | { kind: 'replace'; content: ItemContent; idInBody?: string | null; versionInBody?: number | null }
    | { kind: 'patch'; patch: PatchDocument }
    | { kind: 'delete' }
    /** `version`: the one whose state the item gets. */
    | { kind: 'restore'; version: number }
    /** `list`: the entity-tag of the list of versions and the newest one in it; read only if a condition has tags. */
    | { kind: 'erase'; list?: { entityTag?: string; newest: number } }
  );

/** When a change is made (RFC 3339, UTC), and the revision of the state that it makes. */
export interface Mark {
  at: string;
  revision: string;
}

/** The next state after a command. Without an operation nothing changes, and nothing is written. */
export interface Decision {
  next: Item;
  operation?: VersionOperation;
  /** Whether there was no item before. */
  isNew?: boolean;
}

/** States of versions, by {@link stateKey}; null where the item was deleted. Versions that never were, or were trimmed, are absent. */
export type EarlierStates = ReadonlyMap<string, Item | null | 'erased'>;

/** Where {@link EarlierStates} has a version of an item. */
export function stateKey(itemId: string, version: number): string {
  return `${version} ${itemId}`;
}

/** Whether that is a version of this item. */
export function isStateOf(itemId: string, key: string): boolean {
  return key.endsWith(` ${itemId}`);
}

/**
 * The next state of an id under one command, or the problem that refuses it. Pure: reads no clock, no database.
 * `current` is the row of the id, a tombstone too. `earlier`, for a restore, has the version that it names.
 * Problems, the first that applies: itemNotFound or versionNotFound (404) or versionTrimmed or versionErased (410) or itemNotDeleted (409),
 * preconditionRequired (428), preconditionFailed (412), itemExists, itemIdDiffers, itemVersionDiffers or patchDoesNotApply (409), patchResultInvalid (422).
 */
export function decide(
  current: Item | undefined,
  command: Command,
  mark: Mark,
  earlier: EarlierStates = new Map(),
): Decision | HttpException {
  const { id } = command;
  const existing = current?.deletedAt === null ? current : undefined;
  // RFC 9110 §13.2.1: conditions are ignored if the answer without them would not be a success.
  if (!existing && (command.kind === 'patch' || command.kind === 'delete')) return itemNotFound(id, current?.deletedAt);
  const state = command.kind === 'restore' ? stateOf(current, command, earlier) : undefined;
  if (state instanceof HttpException) return state;
  if (command.kind === 'erase' && !current) return itemNotFound(id);
  if (command.kind === 'erase' && existing) return itemNotDeleted(id);
  const refusal = judgeGuard(command, current, existing);
  if (refusal) return refusal;
  switch (command.kind) {
    case 'create':
      return existing ? itemExists(id) : create(id, current, command.content, mark);
    case 'replace':
      if (isAnother(command.idInBody, id)) return itemIdDiffers(id, command.idInBody);
      // A client that names a version has read that one, and must not overwrite a later one.
      if (current && isAnother(command.versionInBody, existing?.version)) {
        return itemVersionDiffers(command.versionInBody, current.version, current.deletedAt);
      }
      return existing ? change('replace', existing, command.content, mark) : create(id, current, command.content, mark);
    case 'patch': {
      const content = patchedContent(existing!, command.patch);
      return content instanceof HttpException ? content : change('patch', existing!, content, mark);
    }
    case 'delete':
      return remove(existing!, mark);
    case 'restore':
      return existing ? change('restore', existing, contentOf(state!), mark) : revive(current!, state!, mark);
    case 'erase':
      return erase(current!, mark);
  }
}

/** The state that a restore asks for. Problems: itemNotFound, versionNotFound (404), versionTrimmed, versionErased (410). */
function stateOf(
  current: Item | undefined,
  { id, version }: { id: string; version: number },
  earlier: EarlierStates,
): Item | HttpException {
  if (!current) return itemNotFound(id);
  const state = earlier.get(stateKey(id, version));
  if (state === 'erased') return versionErased(id, { version });
  // Versions run without a gap.
  if (state === undefined && version < current.version) return versionTrimmed(id, { version });
  return state ?? versionNotFound(id, { version, isDelete: state === null });
}

function isAnother<T>(named: T | null | undefined, present: T | undefined): named is T {
  return named !== undefined && named !== null && named !== present;
}

function judgeGuard(
  command: Command,
  current: Item | undefined,
  existing: Item | undefined,
): HttpException | undefined {
  const { conditions = NO_CONDITIONS, isRequired } = command.guard ?? {};
  const { ifMatch, ifNoneMatch } = conditions;
  const mayCreate = command.kind === 'replace' || command.kind === 'restore';
  const isNamed = ifMatch !== undefined || (mayCreate && ifNoneMatch !== undefined);
  if (isRequired && command.kind !== 'create' && !isNamed) return preconditionRequired(mayCreate);
  // The target of a create and of an erasure is a list, which exists and has no version.
  const isOfList = command.kind === 'create' || command.kind === 'erase';
  const validators = isOfList ? { entityTag: listTagOf(command, current) } : existing && validatorsOf(existing);
  const verdict = judge(conditions, false, validators);
  return refusalOf(verdict, conditions, validators?.entityTag, isOfList ? undefined : existing?.version);
}

// A list of versions has another tag as soon as there is another version. So one that was read before that matches nothing any more.
function listTagOf(command: Command & { kind: 'create' | 'erase' }, current: Item | undefined): string | undefined {
  if (command.kind === 'create') return command.listEntityTag;
  return command.list?.newest === current?.version ? command.list?.entityTag : undefined;
}

// The version goes on from the tombstone's, so that the history of an id goes on after a delete.
function create(id: string, tombstone: Item | undefined, content: ItemContent, { at, revision }: Mark): Decision {
  const version = (tombstone?.version ?? 0) + 1;
  const next = { id, ...content, version, revision, createdAt: at, updatedAt: at, deletedAt: null };
  return { operation: 'create', next, isNew: true };
}

function change(
  operation: 'replace' | 'patch' | 'restore',
  existing: Item,
  content: ItemContent,
  { at, revision }: Mark,
): Decision {
  const next = { ...existing, ...content, version: existing.version + 1, revision, updatedAt: at };
  return isSameContent(existing, next) ? { next: existing } : { operation, next };
}

// It is the item that was deleted, so it keeps the time of its creation.
function revive(tombstone: Item, state: Item, { at, revision }: Mark): Decision {
  const next = {
    ...tombstone,
    ...contentOf(state),
    version: tombstone.version + 1,
    revision,
    updatedAt: at,
    deletedAt: null,
  };
  return { operation: 'restore', next, isNew: true };
}

function remove(existing: Item, { at, revision }: Mark): Decision {
  const next = { ...existing, version: existing.version + 1, revision, updatedAt: at, deletedAt: at };
  return { operation: 'delete', next };
}

// An item has a name. So a tombstone without one was erased, and once is enough.
function erase(tombstone: Item, { at, revision }: Mark): Decision {
  if (tombstone.name === '') return { next: tombstone };
  const nothing = contentOf({ name: '' });
  const next = { ...tombstone, ...nothing, version: tombstone.version + 1, revision, updatedAt: at };
  return { operation: 'erase', next };
}

// The order of members counts, since readers see it.
function isSameContent(one: Item, other: Item): boolean {
  return JSON.stringify(contentOf(one)) === JSON.stringify(contentOf(other));
}
