import { HttpException } from '@nestjs/common';
import type { KeyedRequest } from '../idempotency/idempotency-key.js';
import { identityOf, type IdempotencyRecord } from '../idempotency/idempotency-record.entity.js';
import { answerErased, idempotencyKeyReused } from '../idempotency/idempotency.problems.js';
import { decide, isStateOf, stateKey, type Command, type Decision, type EarlierStates } from './items.rules.js';
import { revisionOf, type ItemVersion, type VersionOperation } from './store/item-version.js';
import type { Item } from './store/item.entity.js';
import type { RecordedAnswer, WriteSet } from './store/write-set.js';

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
 * Decides jobs one after the other, each on the rows as the jobs before it left them. Pure, like decide. A job
 * whose key is `recorded` is not carried out again: draft-ietf-httpapi-idempotency-key-header-07 §2.6. Problems:
 * answerErased (410), idempotencyKeyReused (422). `outcomes` has one entry for each job; `set` must be written.
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
  const answers = new Map(recorded);
  const set: WriteSet = { changes: [], records: [], before: rows };
  const outcomes = jobs.map((job) => {
    const { command, commandId, isMinimal, key } = job;
    const current = state.get(command.id);
    const earlier = key && answers.get(identityOf(key));
    if (earlier) return replay(earlier, key, current);
    const at = laterOf(now, current?.updatedAt);
    const decision = decide(current, command, { at, revision: revisionOf(commandId) }, states);
    if (decision instanceof HttpException) return decision;
    const { next: item, operation } = decision;
    const done = { item, status: statusOf(command.kind, decision, isMinimal), isMinimal, isReplay: false };
    if (operation) {
      state.set(command.id, item);
      if (operation === 'erase') eraseBefore(item, set, states, answers);
      // A later job of the group may restore it.
      states.set(stateKey(item.id, item.version), hasItem(operation) ? item : null);
      set.changes.push({ item, version: versionOf(item, operation, job, at) });
    }
    if (key) set.records.push(recordOf(done, key, commandId, now));
    return done;
  });
  return { outcomes, set };
}

// What the group knows of the versions before, or writes of them: jobs behind it must not bring that back.
function eraseBefore(
  { id, version }: Item,
  set: WriteSet,
  states: Map<string, Item | null | 'erased'>,
  answers: Map<string, RecordedAnswer>,
): void {
  for (const change of set.changes) {
    if (change.item.id === id) change.version = { ...change.version, snapshot: null, requestId: '' };
  }
  for (const record of set.records) if (record.itemId === id) record.fingerprint = '';
  for (const key of states.keys()) if (isStateOf(id, key)) states.set(key, 'erased');
  for (const [identity, answer] of answers) {
    if (answer.item?.id === id && answer.item.version < version) answers.set(identity, { ...answer, isErased: true });
  }
}

// The clock may have been set back, and the times of an item never go back.
function laterOf(now: string, before: string | undefined): string {
  return before !== undefined && before > now ? before : now;
}

function replay(earlier: RecordedAnswer, key: KeyedRequest, current: Item | undefined): Done | HttpException {
  if (earlier.isErased) return answerErased();
  if (earlier.fingerprint !== key.fingerprint) return idempotencyKeyReused();
  // An id that was used once keeps its row.
  const item = earlier.item ?? (current as Item);
  return { item, status: earlier.status, isMinimal: earlier.minimal === 1, isReplay: true };
}

/** The status of a success; this is decided nowhere else. RFC 9110 §9.3.4 (201 or 200 or 204), §9.3.5; RFC 7240 §4.2. */
function statusOf(kind: Command['kind'], { isNew }: Decision, isMinimal: boolean): number {
  if (isNew) return 201;
  return kind === 'delete' || kind === 'erase' || isMinimal ? 204 : 200;
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

function hasItem(operation: VersionOperation): boolean {
  return operation !== 'delete' && operation !== 'erase';
}

function versionOf(item: Item, operation: VersionOperation, job: Job, at: string): ItemVersion {
  const { actor, requestId, commandId } = job;
  const { revision: _, ...content } = item;
  const snapshot = hasItem(operation) ? content : null;
  return { itemId: item.id, version: item.version, operation, snapshot, actor, requestId, commandId, at };
}
