import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../config/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import { DatabaseFault, type FaultKind } from '../database/faults/database-fault.js';
import { Gatherer } from '../database/gatherer.js';
import { identityOf } from '../idempotency/idempotency-record.entity.js';
import { RunningKeys } from '../idempotency/running-keys.js';
import { ItemsRepository } from './store/items.repository.js';
import { stateKey, type EarlierStates } from './items.rules.js';
import { decideAll, type Done, type Job } from './jobs.rules.js';
import type { RecordedAnswer } from './store/write-set.js';
import type { WriteSession } from './store/write-side.js';
import { tryToWrite } from './trial-write.js';

const GROUP_LIMITS = { maxCalls: 500, maxBytes: 4 * 1024 * 1024 };

const HOUR_MS = 3_600_000;

/** About what the largest item adds to the statement of its group. */
const LARGEST_ITEM_BYTES = 65_536;

/** How often a group is tried if its connection is lost before anything was written. */
const MAX_TRIES = 3;

/** The result of one job: done, refused by a problem, or refused by the database because of its data. */
type Outcome = Done | Error;

/**
 * Every change goes this way. Jobs that come while others are being written form a group. One statement reads it, pure
 * code decides it in order, and it is written as one set or not at all. `decideAndSaveIn` does that work, `decideAndSave`
 * does it a second time under the lock after a conflict, `attempt` tries again on another connection, and `carryOut`
 * splits a group in halves if one job spoils it.
 */
@Injectable()
export class ItemsWriter {
  private readonly gatherer: Gatherer<Job, Outcome>;

  constructor(
    private readonly repository: ItemsRepository,
    private readonly runningKeys: RunningKeys,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const run = (jobs: Job[]) => this.carryOut(jobs);
    const limits = { ...GROUP_LIMITS, maxGroupsInFlight: repository.writeSide.maxGroupsInFlight };
    this.gatherer = new Gatherer({ run, keyOf: ({ command }) => command.id, bytesOf }, limits);
  }

  /** Opens the write side, and tries it with a write that is rolled back. Throws DatabaseFault. */
  async tryToWrite(): Promise<void> {
    const { writeSide } = this.repository;
    await writeSide.open?.();
    try {
      await tryToWrite(writeSide);
    } catch (error) {
      await writeSide.close?.();
      throw error;
    }
  }

  /**
   * Carries out a job after all earlier ones for the same id. Throws the problem that refuses it, or DatabaseFault if the
   * database is busy, full or gone, or the outcome can't be known. A job that was carried out before under its key has
   * the result of that time.
   */
  execute(job: Omit<Job, 'commandId'>): Promise<Done> {
    const { key } = job;
    return key ? this.runningKeys.alone(key, () => this.gather(job)) : this.gather(job);
  }

  private async gather(job: Omit<Job, 'commandId'>): Promise<Done> {
    const outcome = await this.gatherer.call({ ...job, commandId: randomUUID() });
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  private async carryOut(jobs: Job[]): Promise<Outcome[]> {
    try {
      return await this.attempt(jobs);
    } catch (error) {
      const fault = faultOfAll(error);
      if (fault) {
        this.failWaiting(fault);
        throw fault;
      }
      // The job that spoils a group fails alone.
      if (jobs.length === 1) return [error as Error];
      return this.carryOutInHalves(jobs);
    }
  }

  // Jobs that wait fail too, so that nobody waits twice for a busy or full database. None of them was sent.
  private failWaiting({ kind, cause }: DatabaseFault): void {
    if (kind === 'unforeseen') return;
    this.gatherer.failWaiting(new DatabaseFault(kind === 'full' ? kind : 'unavailable', cause));
  }

  // What one half wrote is kept, even if the other half fails.
  private async carryOutInHalves(jobs: Job[]): Promise<Outcome[]> {
    const middle = Math.ceil(jobs.length / 2);
    const [first, second] = [jobs.slice(0, middle), jobs.slice(middle)];
    const outcomesOf = (half: Job[]): Promise<Outcome[]> =>
      this.carryOut(half).catch((error: Error) => half.map(() => error));
    const done = await outcomesOf(first);
    const [fault] = done.flatMap((outcome) => faultOfAll(outcome) ?? []);
    // Nobody waits for a busy database twice.
    if (fault) return [...done, ...second.map(() => new DatabaseFault('unavailable', fault.cause))];
    return [...done, ...(await outcomesOf(second))];
  }

  // If the connection is lost before anything was written, the group is tried again.
  private async attempt(jobs: Job[], tries = 1): Promise<Outcome[]> {
    try {
      return await this.decideAndSave(jobs);
    } catch (error) {
      if (!isFault(error, 'disconnected') || tries === MAX_TRIES) throw error;
      return this.attempt(jobs, tries + 1);
    }
  }

  // If another process wrote one of the versions first, the group is decided a second time, under the lock.
  private async decideAndSave(jobs: Job[]): Promise<Outcome[]> {
    const { writeSide } = this.repository;
    try {
      return await this.decideAndSaveIn(writeSide, jobs);
    } catch (error) {
      if (!isFault(error, 'conflict') && !isFault(error, 'rolled-back')) throw error;
      return writeSide.underLock((session) => this.decideAndSaveIn(session, jobs));
    }
  }

  private async decideAndSaveIn(session: WriteSession, jobs: Job[]): Promise<Outcome[]> {
    const now = this.clock();
    const expiredBefore = new Date(now.getTime() - this.config.idempotencyTtlHours * HOUR_MS).toISOString();
    const rows = await session.findMany([...new Set(jobs.map(({ command }) => command.id))]);
    const recorded = await recordedIn(session, jobs, expiredBefore);
    const earlier = await statesIn(session, jobs);
    const { outcomes, set } = decideAll(rows, jobs, now.toISOString(), recorded, earlier);
    if (set.changes.length + set.records.length > 0) await session.save(set, expiredBefore);
    return outcomes;
  }
}

// Must be read after the rows. If another process carried the request out in between, either its record is found here, or
// the rows are stale and the guard of the write finds out.
async function recordedIn(
  session: WriteSession,
  jobs: Job[],
  expiredBefore: string,
): Promise<Map<string, RecordedAnswer>> {
  const keys = jobs.flatMap(({ key }) => (key ? [{ caller: key.caller, key: key.key }] : []));
  if (keys.length === 0) return new Map();
  const found = await session.findRecords(keys);
  const isExpired = ({ at }: RecordedAnswer) => at < expiredBefore;
  for (const one of found.filter(isExpired)) await session.forgetRecord(one, expiredBefore);
  return new Map(found.filter((one) => !isExpired(one)).map((one) => [identityOf(one), one]));
}

// Must be read after the rows: a version that is absent then was trimmed, or was not there yet when they were read. What a version
// says never changes, and one that is trimmed after it was read was there when it was asked for.
async function statesIn(session: WriteSession, jobs: Job[]): Promise<EarlierStates> {
  const versions = jobs.flatMap(({ command }) =>
    command.kind === 'restore' ? [{ itemId: command.id, version: command.version }] : [],
  );
  const states = versions.length === 0 ? [] : await session.findStates(versions);
  return new Map(states.map(({ itemId, version, item }) => [stateKey(itemId, version), item]));
}

function isFault(error: unknown, kind: FaultKind): boolean {
  return error instanceof DatabaseFault && error.kind === kind;
}

// One job alone causes these: data that the database refuses, a conflict with a unique constraint that an operator added
// (no lock resolves it), and a fault of ours in its decision.
function faultOfAll(error: unknown): DatabaseFault | undefined {
  return error instanceof DatabaseFault && error.kind !== 'refused' && error.kind !== 'conflict' ? error : undefined;
}

// About as many bytes as the job adds to the statement of its group.
function bytesOf({ command }: Job): number {
  if (command.kind === 'delete' || command.kind === 'erase') return 0;
  if (command.kind === 'restore') return LARGEST_ITEM_BYTES;
  return 2 * JSON.stringify(command.kind === 'patch' ? command.patch : command.content).length;
}
