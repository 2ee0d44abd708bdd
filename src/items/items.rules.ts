import { HttpException } from '@nestjs/common';
import type { PatchDocument } from '../http/body/patch/patch.js';
import type { KeyedRequest } from '../idempotency/idempotency-key.js';
import { identityOf, type IdempotencyRecord } from '../idempotency/idempotency-record.entity.js';
import { idempotencyKeyReused } from '../idempotency/idempotency.problems.js';
import { judge, NO_CONDITIONS, refusalOf, type Conditions } from '../http/fields/conditions/preconditions.js';
import { preconditionRequired } from '../http/fields/conditions/condition.problems.js';
import { patchedContent } from './item-patch.js';
import { validatorsOf } from './item-etag.js';
import { revisionOf, type ItemVersion, type VersionOperation } from './store/item-version.js';
import type { Item } from './store/item.entity.js';
import { contentOf, type ItemContent } from './store/item.members.js';
import type { RecordedAnswer, WriteSet } from './store/write-set.js';
import { versionNotFound, versionTrimmed } from './contract/versions.problems.js';
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
  );

/** A command, and the request that gave it. */
export interface Job {
  command: Command;
  /** Who gave it; see callerOf. */
  actor: string;
  /** X-Request-Id. */
  requestId: string;
  /** UUID that the service gives to each command. */
  commandId: string;
  /** Whether the request prefers an answer without content: `Prefer: return=minimal`. */
  isMinimal: boolean;
  /** Set if the request has an Idempotency-Key. */
  key?: KeyedRequest;
}

/** When a change is made (RFC 3339, UTC), and the revision of the state that it makes. */
interface Mark {
  at: string;
  revision: string;
}

/** The next state after a command. Without an operation nothing changes, and nothing is written. */
interface Decision {
  next: Item;
  operation?: VersionOperation;
  /** Whether there was no item before. */
  isNew?: boolean;
}

/** States of versions, by {@link stateKey}; null for those that are deletions. Versions that never were, or were trimmed, are absent. */
export type EarlierStates = ReadonlyMap<string, Item | null>;

/** Where {@link EarlierStates} has a version of an item. */
export function stateKey(itemId: string, version: number): string {
  return `${version} ${itemId}`;
}

/** The result of a job, and how it is answered. */
export interface Done {
  /** The item after the change; after a delete, as it was. */
  item: Item;
  status: number;
  /** Whether no content was preferred, which the answer follows. */
  isMinimal: boolean;
  /** Whether the request was carried out before under its key. Then this is what was answered first. */
  isReplay: boolean;
}

/**
 * The next state of an id under one command, or the problem that refuses it. Pure: reads no clock, no database.
 * `current` is the row of the id, a tombstone too. `earlier`, for a restore, has the version that it names.
 * Problems, the first that applies: itemNotFound or versionNotFound (404) or versionTrimmed (410), preconditionRequired (428), preconditionFailed (412), itemExists,
 * itemIdDiffers, itemVersionDiffers or patchDoesNotApply (409), patchResultInvalid (422).
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
  const refusal = judgeGuard(command, existing);
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
  }
}

/** The state that a restore asks for. Problems: itemNotFound, versionNotFound (404), versionTrimmed (410). */
function stateOf(
  current: Item | undefined,
  { id, version }: { id: string; version: number },
  earlier: EarlierStates,
): Item | HttpException {
  if (!current) return itemNotFound(id);
  const state = earlier.get(stateKey(id, version));
  // Versions run without a gap.
  if (state === undefined && version < current.version) return versionTrimmed(id, { version });
  return state ?? versionNotFound(id, { version, isDelete: state === null });
}

function isAnother<T>(named: T | null | undefined, present: T | undefined): named is T {
  return named !== undefined && named !== null && named !== present;
}

function judgeGuard(command: Command, existing: Item | undefined): HttpException | undefined {
  const { conditions = NO_CONDITIONS, isRequired } = command.guard ?? {};
  const { ifMatch, ifNoneMatch } = conditions;
  const mayCreate = command.kind === 'replace' || command.kind === 'restore';
  const isNamed = ifMatch !== undefined || (mayCreate && ifNoneMatch !== undefined);
  if (isRequired && command.kind !== 'create' && !isNamed) return preconditionRequired(mayCreate);
  // The target of a create is the list, which always exists and has no version.
  const target = command.kind === 'create' ? undefined : existing;
  const current = command.kind === 'create' ? { entityTag: command.listEntityTag } : existing && validatorsOf(existing);
  const verdict = judge(conditions, false, current);
  return refusalOf(verdict, conditions, current?.entityTag, target?.version);
}

/**
 * Decides jobs one after the other, each on the rows as the jobs before it left them. Pure, like decide. A job
 * whose key is `recorded` is not carried out again: draft-ietf-httpapi-idempotency-key-header-07 §2.6. Problem:
 * idempotencyKeyReused (422). `outcomes` has one entry for each job; `set` must be written.
 */
export function decideAll(
  rows: Map<string, Item>,
  jobs: Job[],
  now: string,
  recorded: Map<string, RecordedAnswer> = new Map(),
  versions: EarlierStates = new Map(),
): { outcomes: (Done | HttpException)[]; set: WriteSet } {
  const state = new Map(rows);
  const states = new Map(versions);
  const set: WriteSet = { changes: [], records: [] };
  const outcomes = jobs.map((job) => {
    const { command, commandId, isMinimal, key } = job;
    const current = state.get(command.id);
    const earlier = key && recorded.get(identityOf(key));
    if (earlier) return replay(earlier, key, current);
    const decision = decide(current, command, { at: now, revision: revisionOf(commandId) }, states);
    if (decision instanceof HttpException) return decision;
    const { next: item, operation } = decision;
    const done = { item, status: statusOf(command.kind, decision, isMinimal), isMinimal, isReplay: false };
    if (key) set.records.push(recordOf(done, key, commandId, now));
    if (operation) {
      state.set(command.id, item);
      // A later job of the group may restore it.
      states.set(stateKey(item.id, item.version), operation === 'delete' ? null : item);
      set.changes.push({ item, version: versionOf(item, operation, job, now) });
    }
    return done;
  });
  return { outcomes, set };
}

function replay(earlier: RecordedAnswer, key: KeyedRequest, current: Item | undefined): Done | HttpException {
  if (earlier.fingerprint !== key.fingerprint) return idempotencyKeyReused();
  // An id that was used once keeps its row.
  const item = earlier.item ?? (current as Item);
  return { item, status: earlier.status, isMinimal: earlier.minimal === 1, isReplay: true };
}

/** The status of a success; this is decided nowhere else. RFC 9110 §9.3.4 (201 or 200 or 204), §9.3.5; RFC 7240 §4.2. */
function statusOf(kind: Command['kind'], { isNew }: Decision, isMinimal: boolean): number {
  if (isNew) return 201;
  return kind === 'delete' || isMinimal ? 204 : 200;
}

function recordOf(done: Done, key: KeyedRequest, commandId: string, at: string): IdempotencyRecord {
  return {
    caller: key.caller,
    key: key.key,
    fingerprint: key.fingerprint,
    status: done.status,
    minimal: done.isMinimal ? 1 : 0,
    itemId: done.item.id,
    version: done.item.version,
    commandId,
    at,
  };
}

function versionOf(item: Item, operation: VersionOperation, job: Job, at: string): ItemVersion {
  const { actor, requestId, commandId } = job;
  const { revision: _, ...content } = item;
  const snapshot = operation === 'delete' ? null : content;
  return { itemId: item.id, version: item.version, operation, snapshot, actor, requestId, commandId, at };
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

// The order of members counts, since readers see it.
function isSameContent(one: Item, other: Item): boolean {
  return JSON.stringify(contentOf(one)) === JSON.stringify(contentOf(other));
}
