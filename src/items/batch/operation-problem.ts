import { HttpException } from '@nestjs/common';
import { Faults } from '../../problems/faults.js';
import { Problem, type InputFault } from '../../problems/problem.js';
import { bodyPointer, operationPointer } from './batch-body.js';

/** The members of an operation that stand for header fields, by these. */
const MEMBERS: Record<string, string> = {
  'If-Match': 'ifMatch',
  'If-None-Match': 'ifNoneMatch',
  'Idempotency-Key': 'idempotencyKey',
};

/**
 * The problem of an operation, as the request alone would get it, but with faults that point into the batch; and how many these are, of
 * which at most `mostFaults` are listed.
 */
export function problemOfOperation(
  exception: HttpException,
  index: number,
  mostFaults = Infinity,
): [problem: HttpException, faults: number] {
  const { type, details } = exception.getResponse() as Problem;
  const { errors } = details;
  const found = errors === undefined || errors instanceof Faults ? errors : new Faults(errors);
  const placed =
    found && withMost(found, mostFaults).mapped((listed) => listed.map((fault) => placeFault(fault, index)));
  const problem = new HttpException(new Problem(type, { ...details, errors: placed }), exception.getStatus());
  return [problem, placed?.listed.length ?? 0];
}

/** The same with at least one fault, so that it says which operation of an atomic batch was refused. */
export function refusalOfBatch(exception: HttpException, index: number): HttpException {
  const [problem] = problemOfOperation(exception, index);
  const { details } = problem.getResponse() as Problem;
  const pointer = operationPointer(index);
  details.errors ??= [{ pointer, rule: 'operation', detail: 'This operation was refused, and so the whole batch.' }];
  return problem;
}

function placeFault(fault: InputFault, index: number): InputFault {
  const { rule, detail, position } = fault;
  return { pointer: pointerOf(fault, index), rule, detail, ...(position !== undefined && { position }) };
}

function pointerOf(fault: InputFault, index: number): string {
  if ('pointer' in fault) return bodyPointer(index) + fault.pointer;
  if ('parameter' in fault) return `${operationPointer(index)}/${fault.parameter}`;
  return `${operationPointer(index)}/${MEMBERS[fault.header]}`;
}

function withMost(faults: Faults, most: number): Faults {
  const { length } = faults.listed;
  return length <= most ? faults : faults.mapped((listed) => listed.slice(0, most), length - most);
}
