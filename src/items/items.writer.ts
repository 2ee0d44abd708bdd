import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../config/clock.js';
import { CONFIG, type Config } from '../config/config.js';
import type { GroupCounts } from '../counting/group-counts.js';
import { DatabaseFault } from '../database/faults/database-fault.js';
import { Gatherer } from '../database/gatherer.js';
import type { KeyedRequest } from '../idempotency/idempotency-key.js';
import { identityOf } from '../idempotency/idempotency-record.entity.js';
import { Commits } from './changes/commits.js';
import { RunningKeys } from '../idempotency/running-keys.js';
import { faultOfAll, isFault } from './group-faults.js';
import { ItemsRepository } from './store/items.repository.js';
import { TRACING, type Tracing } from '../telemetry/tracing.js';
import { stateKey, type EarlierStates } from './items.rules.js';
import { deciding, Refused, type Done, type Job, type Outcome, type Unit } from './jobs.rules.js';
import { inSlices } from './store/in-slices.js';
import type { RecordedAnswers } from './store/write-set.js';
import type { WriteSession } from './store/write-side.js';
import { tryToWrite } from './trial-write.js';
import { bytesIn, countJobs, idsIn, jobsIn } from './units.js';

const GROUP_LIMITS = { maxCalls: 500, maxBytes: 4 * 1024 * 1024 };

const HOUR_MS = 3_600_000;

/** How often a group is tried if its connection is lost before anything was written. */
const MAX_TRIES = 3;

/** A job as a request gives it. */
export type NewJob = Omit<Job, 'commandId'>;

/** A unit as a request gives it. */
export type NewUnit = Omit<Unit, 'jobs'> & { jobs: NewJob[] };

/**
 * Every change goes this way. Units that come while others are being written form a group. One statement reads it, pure
 * code decides it in order, and it is written as one set or not at all. `decideAndSaveIn` does that work, `decideAndSave`
 * does it a second time under the lock after a conflict, `attempt` tries again on another connection, and `carryOut`
 * splits a group in halves if one unit spoils it.
 */
@Injectable()
export class ItemsWriter {
  private readonly gatherer: Gatherer<Unit[], Outcome[]>;

  constructor(
    private readonly repository: ItemsRepository,
    private readonly runningKeys: RunningKeys,
    private readonly commits: Commits,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(TRACING) tracing: Tracing,
  ) {
    const run = (calls: Unit[][]) => this.carryOutCalls(calls);
    const limits = { ...GROUP_LIMITS, maxGroupsInFlight: repository.writeSide.maxGroupsInFlight };
    this.gatherer = new Gatherer(
      { run, keysOf: idsIn, countOf: countJobs, bytesOf: bytesIn, traces: tracing.groups('write items') },
      limits,
    );
  }

  get counts(): GroupCounts {
    return this.gatherer.counts;
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
  async execute(job: NewJob, key?: KeyedRequest): Promise<Done> {
    const gather = () => this.gather([{ jobs: [job], key }]);
    const [outcome] = key ? await this.runningKeys.alone(key, gather) : await gather();
    if (outcome instanceof Refused) throw outcome.error;
    return outcome![0]!;
  }

  /**
   * Carries out units in their order, as one group. Of each that is not carried out the outcome says why. Throws DatabaseFault as
   * above; then none was.
   */
  async executeAll(units: NewUnit[]): Promise<Outcome[]> {
    const held = new Map<string, KeyedRequest>();
    const refusals = units.map(({ key }) => {
      if (!key || held.has(identityOf(key))) return undefined;
      const refusal = this.runningKeys.begin(key);
      if (!refusal) held.set(identityOf(key), key);
      return refusal && new Refused(refusal);
    });
    try {
      const free = units.filter((_, index) => refusals[index] === undefined);
      const outcomes = free.length === 0 ? [] : await this.gather(free);
      return refusals.map((refusal) => refusal ?? outcomes.shift()!);
    } finally {
      for (const key of held.values()) this.runningKeys.end(key);
    }
  }

  private gather(units: NewUnit[]): Promise<Outcome[]> {
    return this.gatherer.call(
      units.map(({ jobs, key }) => ({ key, jobs: jobs.map((job) => ({ ...job, commandId: randomUUID() })) })),
    );
  }

  private async carryOutCalls(calls: Unit[][]): Promise<Outcome[][]> {
    const outcomes = await this.carryOut(calls.flat());
    let at = 0;
    return calls.map(({ length }) => outcomes.slice(at, (at += length)));
  }

  private async carryOut(units: Unit[]): Promise<Outcome[]> {
    try {
      const outcomes = await this.attempt(units);
      this.commits.tell();
      return outcomes;
    } catch (error) {
      const fault = faultOfAll(error);
      if (fault) {
        this.failWaiting(fault);
        throw fault;
      }
      // The unit that spoils a group fails alone.
      if (units.length === 1) return [new Refused(error as Error)];
      return this.carryOutInHalves(units);
    }
  }

  // Jobs that wait fail too, so that nobody waits twice for a busy or full database. None of them was sent.
  private failWaiting({ kind, cause }: DatabaseFault): void {
    if (kind === 'unforeseen') return;
    const isKept = kind === 'full' || kind === 'damaged';
    this.gatherer.failWaiting(new DatabaseFault(isKept ? kind : 'unavailable', cause));
  }

  // What one half wrote is kept, even if the other half fails.
  private async carryOutInHalves(units: Unit[]): Promise<Outcome[]> {
    const middle = Math.ceil(units.length / 2);
    const [first, second] = [units.slice(0, middle), units.slice(middle)];
    const outcomesOf = (half: Unit[]): Promise<Outcome[]> =>
      this.carryOut(half).catch((error: Error) => half.map(() => new Refused(error)));
    const done = await outcomesOf(first);
    const [fault] = done.flatMap((outcome) => (outcome instanceof Refused && faultOfAll(outcome.error)) || []);
    // Nobody waits for a busy database twice.
    if (fault) return [...done, ...second.map(() => new Refused(new DatabaseFault('unavailable', fault.cause)))];
    return [...done, ...(await outcomesOf(second))];
  }

  // If the connection is lost before anything was written, the group is tried again.
  private async attempt(units: Unit[], tries = 1): Promise<Outcome[]> {
    try {
      return await this.decideAndSave(units);
    } catch (error) {
      if (!isFault(error, 'disconnected') || tries === MAX_TRIES) throw error;
      return this.attempt(units, tries + 1);
    }
  }

  // If another process wrote one of the versions first, the group is decided a second time, under the lock.
  private async decideAndSave(units: Unit[]): Promise<Outcome[]> {
    const { writeSide } = this.repository;
    try {
      return await this.decideAndSaveIn(writeSide, units);
    } catch (error) {
      if (!isFault(error, 'conflict') && !isFault(error, 'rolled-back')) throw error;
      return writeSide.underLock((session) => this.decideAndSaveIn(session, units));
    }
  }

  private async decideAndSaveIn(session: WriteSession, units: Unit[]): Promise<Outcome[]> {
    const now = this.clock();
    const expiredBefore = new Date(now.getTime() - this.config.idempotencyTtlHours * HOUR_MS).toISOString();
    const rows = await session.findMany(idsIn(units));
    const recorded = await recordedIn(session, units, expiredBefore);
    const earlier = await statesIn(session, units);
    const { outcomes, set } = await inSlices(deciding(rows, units, now.toISOString(), recorded, earlier));
    if (set.changes.length + set.records.length > 0) await session.save(set, expiredBefore);
    else await session.requireOurs?.();
    return outcomes;
  }
}

// Must be read after the rows. If another process carried the request out in between, either its record is found here, or
// the rows are stale and the guard of the write finds out.
async function recordedIn(
  session: WriteSession,
  units: Unit[],
  expiredBefore: string,
): Promise<Map<string, RecordedAnswers>> {
  const keys = units.flatMap(({ key }) => (key ? [{ caller: key.caller, key: key.key }] : []));
  if (keys.length === 0) return new Map();
  const found = await session.findRecords(keys);
  const isExpired = ({ at }: RecordedAnswers) => at < expiredBefore;
  for (const one of found.filter(isExpired)) await session.forgetRecord(one, expiredBefore);
  return new Map(found.filter((one) => !isExpired(one)).map((one) => [identityOf(one), one]));
}

// Must be read after the rows: a version that is absent then was trimmed, or was not there yet when they were read. What a version
// says never changes, and one that is trimmed after it was read was there when it was asked for.
async function statesIn(session: WriteSession, units: Unit[]): Promise<EarlierStates> {
  const versions = jobsIn(units).flatMap(({ command }) =>
    command.kind === 'restore' ? [{ itemId: command.id, version: command.version }] : [],
  );
  const states = versions.length === 0 ? [] : await session.findStates(versions);
  return new Map(states.map(({ itemId, version, item }) => [stateKey(itemId, version), item]));
}
