import { HttpException } from '@nestjs/common';
import type { KeyedRequest } from '../idempotency/idempotency-key.js';
import { identityOf, type IdempotencyRecord } from '../idempotency/idempotency-record.entity.js';
import { answerErased, idempotencyKeyReused } from '../idempotency/idempotency.problems.js';
import { decide, isStateOf, stateKey, type Command, type Decision, type EarlierStates } from './items.rules.js';
import { atOnce } from './store/in-slices.js';
import { revisionOf, type ItemVersion, type VersionOperation } from './store/item-version.js';
import type { Item } from './store/item.entity.js';
import type { Change, RecordedAnswers, WriteSet } from './store/write-set.js';

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
}

/** Jobs that are carried out together or not at all: one alone, or those of an atomic batch, in their order. */
export interface Unit {
  jobs: Job[];
  /** Set if it has an Idempotency-Key. */
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

/** Why a unit was not carried out: a problem or a fault, and the number of the job that it is about; undefined if it is about all. */
export class Refused {
  constructor(
    readonly error: Error,
    readonly job?: number,
  ) {}
}

/** The results of the jobs of a unit, or why none was carried out. */
export type Outcome = Done[] | Refused;

/** What the units so far have led to. */
interface Progress {
  rows: Map<string, Item>;
  states: Map<string, Item | null | 'erased'>;
  answers: Map<string, RecordedAnswers>;
  changes: Change[];
  records: IdempotencyRecord[];
}

/** What is decided of a group. */
interface Decided {
  /** One for each unit. */
  outcomes: Outcome[];
  /** What must be written. */
  set: WriteSet;
}

/** Decides a group as {@link deciding} does, at once. */
export function decideAll(...parameters: Parameters<typeof deciding>): Decided {
  return atOnce(deciding(...parameters));
}

/**
 * Decides units one after the other, each on the rows as those before it left them. Pure, like decide. A unit whose key is
 * `recorded` is not carried out again: draft-ietf-httpapi-idempotency-key-header-07 §2.6. Problems: answerErased (410),
 * idempotencyKeyReused (422). Yields after each job, since 500 patches of large items take a second.
 */
export function* deciding(
  rows: Map<string, Item>,
  units: Unit[],
  now: string,
  recorded: Map<string, RecordedAnswers> = new Map(),
  versions: EarlierStates = new Map(),
): Generator<void, Decided> {
  const progress: Progress = {
    rows: new Map(rows),
    states: new Map(versions),
    answers: new Map(recorded),
    changes: [],
    records: [],
  };
  const outcomes: Outcome[] = [];
  for (const unit of units) {
    const { key } = unit;
    const earlier = key && progress.answers.get(identityOf(key));
    const outcome = earlier ? replay(earlier, key, unit, progress.rows) : yield* decideUnit(unit, progress, now);
    outcomes.push(outcome);
    if (earlier || !key || outcome instanceof Refused) continue;
    progress.records.push(...recordsOf(outcome, unit.jobs, key, now));
    // A later unit may have the same key.
    progress.answers.set(identityOf(key), answersOf(outcome, unit.jobs, key, now));
  }
  return { outcomes, set: { changes: progress.changes, records: progress.records, before: rows } };
}

// A job alone leaves nothing behind if it is refused. Several work on a copy, which then takes the place of the original.
function* decideUnit({ jobs }: Unit, progress: Progress, now: string): Generator<void, Outcome> {
  const draft = jobs.length === 1 ? progress : copyOf(progress);
  const results: Done[] = [];
  for (const [index, job] of jobs.entries()) {
    const result = decideJob(job, draft, now);
    yield;
    if (result instanceof HttpException) return new Refused(result, index);
    results.push(result);
  }
  Object.assign(progress, draft);
  return results;
}

// No job of several erases, so what an erasure takes from earlier units need not be copied.
function copyOf({ rows, states, changes, ...others }: Progress): Progress {
  return { ...others, rows: new Map(rows), states: new Map(states), changes: [...changes] };
}

function decideJob(job: Job, progress: Progress, now: string): Done | HttpException {
  const { rows, states, changes } = progress;
  const { command, commandId, isMinimal } = job;
  const current = rows.get(command.id);
  const at = laterOf(now, current?.updatedAt);
  const decision = decide(current, command, { at, revision: revisionOf(commandId) }, states);
  if (decision instanceof HttpException) return decision;
  const { next: item, operation } = decision;
  if (operation) {
    rows.set(command.id, item);
    if (operation === 'erase') eraseBefore(item, progress);
    // A later job of the group may restore it.
    states.set(stateKey(item.id, item.version), hasItem(operation) ? item : null);
    changes.push({ item, version: versionOf(item, operation, job, at) });
  }
  return { item, status: statusOf(command.kind, decision, isMinimal), isMinimal, isReplay: false };
}

// What the group knows of the versions before, or writes of them: units behind it must not bring that back.
function eraseBefore({ id, version }: Item, { states, answers, changes, records }: Progress): void {
  for (const change of changes) {
    if (change.item.id === id) change.version = { ...change.version, snapshot: null, requestId: '' };
  }
  const erased = new Set(records.filter(({ itemId }) => itemId === id).map(identityOf));
  for (const record of records) if (erased.has(identityOf(record))) record.fingerprint = '';
  for (const key of states.keys()) if (isStateOf(id, key)) states.set(key, 'erased');
  for (const [identity, known] of answers) {
    const isErased = known.answers.some((answer) => answer.itemId === id && answer.version < version);
    if (isErased) answers.set(identity, { ...known, isErased });
  }
}

// The clock may have been set back, and the times of an item never go back.
function laterOf(now: string, before: string | undefined): string {
  return before !== undefined && before > now ? before : now;
}

function replay(earlier: RecordedAnswers, key: KeyedRequest, { jobs }: Unit, rows: Map<string, Item>): Outcome {
  if (earlier.isErased) return new Refused(answerErased());
  if (earlier.fingerprint !== key.fingerprint) return new Refused(idempotencyKeyReused());
  // An older release forgets expired records one by one, and IDEMPOTENCY_TTL_HOURS may have become longer since (decision 89).
  if (jobs.some((_, position) => !earlier.answers[position])) return new Refused(answerErased());
  // The same request has the same jobs. An id that was used once keeps its row.
  return jobs.map(({ command }, position) => {
    const { status, item } = earlier.answers[position]!;
    return { item: item ?? rows.get(command.id)!, status, isMinimal: earlier.minimal === 1, isReplay: true };
  });
}

/** The status of a success; this is decided nowhere else. RFC 9110 §9.3.4 (201 or 200 or 204), §9.3.5; RFC 7240 §4.2. */
function statusOf(kind: Command['kind'], { isNew }: Decision, isMinimal: boolean): number {
  if (isNew) return 201;
  return kind === 'delete' || kind === 'erase' || isMinimal ? 204 : 200;
}

function recordsOf(results: Done[], jobs: Job[], key: KeyedRequest, at: string): IdempotencyRecord[] {
  return results.map(({ item, status, isMinimal }, position) => ({
    caller: key.caller,
    key: key.key,
    position,
    fingerprint: key.fingerprint,
    status,
    minimal: isMinimal ? 1 : 0,
    itemId: item.id,
    version: item.version,
    commandId: jobs[position]!.commandId,
    at,
  }));
}

function answersOf(results: Done[], jobs: Job[], key: KeyedRequest, at: string): RecordedAnswers {
  const answers = results.map(({ item, status }, position) => {
    const { kind } = jobs[position]!.command;
    return {
      status,
      item: kind === 'delete' || kind === 'erase' ? null : item,
      itemId: item.id,
      version: item.version,
    };
  });
  return { ...key, minimal: results[0]?.isMinimal ? 1 : 0, at, answers, isErased: false };
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
