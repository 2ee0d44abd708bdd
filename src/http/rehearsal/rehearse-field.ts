import { parseItem, Token, type BareItem } from 'structured-headers';
import type { Operation } from '../../contract/operation.js';
import { invalidRehearsal } from './rehearsal.problems.js';
import type { ProblemConstructor } from '../../problems/problem.js';

/** The values that Rehearse can have for an operation: one for each declared answer, by status. */
export function rehearsalsOf({ answers }: Operation): string[] {
  return Object.entries(answers).flatMap(([status, answer]) =>
    Array.isArray(answer) ? answer.map(({ type }) => `${status}; problem="${type.code}"`) : [status],
  );
}

/**
 * The answer that a Rehearse field names: the status of a success, or a problem. Without a name it is the first problem of
 * the status. Problem: invalidRehearsal (400).
 */
export function answerAskedFor(field: string, operation: Operation): number | ProblemConstructor {
  const declared = rehearsalsOf(operation);
  const refuse = (rule: string, detail: string) => invalidRehearsal({ header: 'Rehearse', rule, detail }, declared);
  const [status, parameters] = itemIn(field) ?? [];
  if (status === undefined || parameters === undefined) {
    throw refuse('syntax', `Rehearse must be a status, with or without a problem, as in ${declared.at(-1)}.`);
  }
  const answer = operation.answers[status];
  if (answer === undefined) {
    const statuses = Object.keys(operation.answers).join(', ');
    throw refuse('status', `Rehearse must be a status that the operation declares: ${statuses}.`);
  }
  const stranger = [...parameters.keys()].find((name) => name !== 'problem');
  if (stranger !== undefined)
    throw refuse('parameter', `Rehearse has no parameter ${stranger.slice(0, 64)}. Its only one is problem.`);
  const problems = Array.isArray(answer) ? answer : [];
  const code = parameters.get('problem');
  if (code === undefined) return problems[0] ?? status;
  const problem = problems.find(({ type }) => type.code === textOf(code));
  if (!problem) throw refuse('problem', problemRule(status, problems));
  return problem;
}

// RFC 9651 §3.3.1: 409 is an Integer, 409.0 is not, but the package reads both as the same number.
function itemIn(field: string): [status: number, parameters: Map<string, BareItem>] | undefined {
  if (!/^\d+(?![\d.])/.test(field)) return undefined;
  try {
    const [status, parameters] = parseItem(field);
    return [Number(status), parameters];
  } catch {
    return undefined;
  }
}

// RFC 9651 §3.3.3, §3.3.4: a String, as the documentation writes it, or a Token.
function textOf(value: BareItem): string | undefined {
  if (value instanceof Token) return value.toString();
  return typeof value === 'string' ? value : undefined;
}

function problemRule(status: number, problems: ProblemConstructor[]): string {
  if (problems.length === 0) return `problem must be left out: ${status} is a success.`;
  return `problem must be one that the operation declares under ${status}: ${problems.map(({ type }) => type.code).join(', ')}.`;
}
