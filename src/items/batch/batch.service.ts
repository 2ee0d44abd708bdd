import { setImmediate } from 'node:timers/promises';
import { HttpException, Injectable } from '@nestjs/common';
import { DatabaseFault } from '../../database/faults/database-fault.js';
import { ProblemsOfExceptions } from '../../http/problems-of-exceptions.js';
import { ItemsService } from '../items.service.js';
import { ItemsWriter, type NewUnit } from '../items.writer.js';
import { Refused, type Done, type Outcome } from '../jobs.rules.js';
import type { Terms } from '../terms.js';
import { OPERATIONS_AT_ONCE, type BatchBody } from './batch-body.js';
import { OperationReader, type ReadOperation } from './batch-operation.js';
import { problemOfOperation, refusalOfBatch } from './operation-problem.js';

/** The most faults that all problems of one answer list together. Each lists at least one. */
const MOST_FAULTS = 2_000;

/** Carries out batches. */
@Injectable()
export class BatchService {
  constructor(
    private readonly items: ItemsService,
    private readonly writer: ItemsWriter,
    private readonly problems: ProblemsOfExceptions,
  ) {}

  /**
   * Carries out all operations or none. Problem: that of the first operation that is refused, with its pointer, where those come
   * first that are refused whatever the state of the items is; or idempotencyKeyInUse (409), idempotencyKeyReused (422). Also throws
   * DatabaseFault.
   */
  async carryOutAll(batch: BatchBody, terms: Terms): Promise<Done[]> {
    const read = await this.readAll(batch, terms, (problem, index) => {
      throw refusalOfBatch(problem, index);
    });
    const jobs = read.flatMap((operation) => ('unit' in operation ? operation.unit.jobs : []));
    const [outcome] = await this.writer.executeAll([{ jobs, key: terms.key }]);
    if (!(outcome instanceof Refused)) return outcome!;
    const { error, job } = outcome;
    throw job !== undefined && error instanceof HttpException ? refusalOfBatch(error, job) : error;
  }

  /** Carries out each operation by itself, and gives its result or its problem, also if the database carries out none. */
  async carryOutEach(batch: BatchBody, terms: Terms): Promise<(Done | HttpException)[]> {
    let faultsLeft = MOST_FAULTS;
    const placed = (problem: HttpException, index: number) => {
      const [one, listed] = problemOfOperation(problem, index, Math.max(1, faultsLeft));
      faultsLeft -= listed;
      return one;
    };
    const read = await this.readAll(batch, terms, placed);
    const outcomes = await this.executeEach(read.flatMap((operation) => ('unit' in operation ? [operation.unit] : [])));
    const causes = new Set<unknown>();
    return read.map((operation, index) => {
      if (!('unit' in operation)) return operation;
      const outcome = outcomes.shift()!;
      if (!(outcome instanceof Refused)) return outcome[0]!;
      // One fault is behind many outcomes, and is logged once.
      const cause = outcome.error.cause ?? outcome.error;
      const problem = this.problemOf(outcome.error, operation.terms, causes.has(cause));
      causes.add(cause);
      return placed(problem, index);
    });
  }

  private async executeEach(units: NewUnit[]): Promise<Outcome[]> {
    try {
      return await this.writer.executeAll(units);
    } catch (error) {
      if (!(error instanceof DatabaseFault)) throw error;
      return units.map(() => new Refused(error));
    }
  }

  /** What each operation says, or what `refuse` makes of its problem. */
  private async readAll(
    batch: BatchBody,
    terms: Terms,
    refuse: (problem: HttpException, index: number) => HttpException,
  ): Promise<(ReadOperation | HttpException)[]> {
    const reader = new OperationReader(batch, terms, this.items);
    const read: (ReadOperation | HttpException)[] = [];
    for (const index of batch.operations.keys()) {
      if (index % OPERATIONS_AT_ONCE === OPERATIONS_AT_ONCE - 1) await setImmediate();
      try {
        read.push(await reader.read(index));
      } catch (error) {
        read.push(refuse(this.problemOf(error, terms), index));
      }
    }
    return read;
  }

  private problemOf(error: unknown, { key, conditions, requestId, trace }: Terms, isTold = false): HttpException {
    return this.problems.of(error, { idempotencyKey: key?.key, conditions }, requestId, trace, isTold);
  }
}
