import { Inject, Injectable } from '@nestjs/common';
import { Histogram, SECONDS } from '../counting/histogram.js';
import { CONTRACT, type Contract } from './contract.js';
import type { Declaration } from './operation.js';

/** Above every status that HTTP can have (RFC 9110 §15). */
const STATUSES = 1_000;

/** How many answers of one kind there were. */
export interface AnswerCount {
  /** The id of the declaration. */
  operation: string;
  status: number;
  /** Code of the problem; undefined for a success. */
  code: string | undefined;
  count: number;
}

/** The answers of one declaration. */
class CountsOf {
  readonly successes = new Float64Array(STATUSES);
  /** By code. */
  readonly problems = new Map<string, { status: number; count: number }>();
  readonly seconds = new Histogram(SECONDS);

  constructor(readonly operation: string) {}

  countProblem(status: number, code: string): void {
    const known = this.problems.get(code);
    if (known) known.count += 1;
    else this.problems.set(code, { status, count: 1 });
  }
}

/** How many answers there were, and how long they took, by declaration. Rehearsals are counted apart. */
@Injectable()
export class AnswerCounts {
  private readonly byId: Map<string, CountsOf>;
  rehearsed = 0;

  constructor(@Inject(CONTRACT) { operations, outside }: Contract) {
    this.byId = new Map([...operations, outside].map(({ id }) => [id, new CountsOf(id)]));
  }

  /** Counts an answer. `ms` is how long it took to make since the head of its request was read; undefined if there was none. */
  count({ id }: Declaration, status: number, code: string | undefined, ms?: number): void {
    const counts = this.byId.get(id)!;
    if (code === undefined) counts.successes[status]! += 1;
    else counts.countProblem(status, code);
    if (ms !== undefined) counts.seconds.observe(ms / 1_000);
  }

  /** All that occurred. */
  *answers(): Generator<AnswerCount> {
    for (const { operation, successes, problems } of this.byId.values()) {
      for (const [status, count] of successes.entries())
        if (count > 0) yield { operation, status, code: undefined, count };
      for (const [code, { status, count }] of problems) yield { operation, status, code, count };
    }
  }

  /** How long answers took, by the id of their declaration. */
  *seconds(): Generator<[operation: string, seconds: Histogram]> {
    for (const { operation, seconds } of this.byId.values()) yield [operation, seconds];
  }
}
