import { STATUS_CODES } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { CONTRACT, type Contract } from './contract.js';
import type { ProblemConstructor } from '../problems/problem.js';
import { isOperation, problemsOf, successesOf, type Declaration, type Operation, type Success } from './operation.js';

/** A problem type and where it is declared. */
export interface ProblemEntry {
  problem: ProblemConstructor;
  /** The operations that give it. */
  operations: Operation[];
  /** Whether it is given outside operations, too or only. */
  isGivenOutside: boolean;
}

/** One answer that the service can give: a success, or a problem by its code. */
export interface AnswerRow {
  status: number;
  title: string;
  code?: string;
  /** The declarations that give it, each with its success if it is one. */
  givers: Map<Declaration, Success | undefined>;
}

/** All declarations put together, for the pages, the JSON and the Markdown about them. */
@Injectable()
export class Reference {
  /** The operations, then the answers outside operations. */
  readonly declarations: Declaration[];
  readonly operations: Operation[];
  readonly outside: Declaration;
  private entries?: ProblemEntry[];
  private rows?: AnswerRow[];

  constructor(@Inject(CONTRACT) { operations, outside }: Contract) {
    this.operations = operations;
    this.outside = outside;
    this.declarations = [...operations, outside];
  }

  /** By status, then by code. Made when somebody asks: most services never show a page about them. */
  get problems(): ProblemEntry[] {
    this.entries ??= this.givers().map(([problem, givers]) => ({
      problem,
      operations: givers.filter(isOperation),
      isGivenOutside: givers.includes(this.outside),
    }));
    return this.entries;
  }

  /** The rows of the matrix, by status, then by code. Its columns are the declarations. Made when somebody asks. */
  get answers(): AnswerRow[] {
    this.rows ??= [...this.successRows(), ...this.givers().map(([problem, givers]) => rowOf(problem, givers))];
    return this.rows;
  }

  problem(code: string): ProblemEntry | undefined {
    return this.problems.find(({ problem }) => problem.type.code === code);
  }

  private givers(): [ProblemConstructor, Declaration[]][] {
    return [...giversOf(this.declarations)].sort(([a], [b]) => byStatusAndCode(a, b));
  }

  private successRows(): AnswerRow[] {
    const successes = this.declarations.flatMap((declaration) =>
      successesOf(declaration).map(([status, success]) => ({ status, declaration, success })),
    );
    const statuses = [...new Set(successes.map(({ status }) => status))].sort((a, b) => a - b);
    return statuses.map((status) => {
      const here = successes.filter((one) => one.status === status);
      const givers = new Map(here.map(({ declaration, success }) => [declaration, success]));
      return { status, title: STATUS_CODES[status] ?? '', givers };
    });
  }
}

/** The problems with the declarations that give them. */
function giversOf(declarations: Declaration[]): Map<ProblemConstructor, Declaration[]> {
  const givers = new Map<ProblemConstructor, Declaration[]>();
  for (const declaration of declarations) {
    for (const problem of new Set(problemsOf(declaration))) {
      givers.set(problem, [...(givers.get(problem) ?? []), declaration]);
    }
  }
  return givers;
}

function rowOf({ type: { status, title, code } }: ProblemConstructor, givers: Declaration[]): AnswerRow {
  return { status, title, code, givers: new Map(givers.map((declaration) => [declaration, undefined])) };
}

function byStatusAndCode(a: ProblemConstructor, b: ProblemConstructor): number {
  return a.type.status - b.type.status || a.type.code.localeCompare(b.type.code);
}
