import { getSchemaPath } from '@nestjs/swagger';
import { documentedPath, problemsOf, successesOf, type Declaration, type Operation } from '../contract/operation.js';
import type { ProblemEntry, Reference } from '../contract/reference.js';
import { exampleBody } from '../problems/problem-body.js';
import type { PublicUrl } from '../config/public-url.js';
import type { PossibleAnswerDto, ProblemTypeDto, StatusCodesDto } from './reference.dto.js';

/** A problem type as `/problems` and `/problems/{code}` send it. */
export function toProblemTypeDto(entry: ProblemEntry, publicUrl: PublicUrl): ProblemTypeDto {
  const { problem, operations, isGivenOutside } = entry;
  const { code, status, title, meaning, remedy, retryable, retry, members = {} } = problem.type;
  return {
    type: publicUrl.of(`/problems/${code}`),
    code,
    status,
    title,
    meaning,
    remedy,
    retryable,
    retry,
    headerFields: problem.requiredFields,
    members: Object.entries(members).map(([name, { description, isOptional = false }]) => ({
      name,
      description,
      isOptional,
    })),
    operations: operations.map(nameOf),
    isGivenOutside,
    example: exampleBody(problem, publicUrl),
  };
}

/** The matrix as `/status-codes` sends it. */
export function toStatusCodesDto({ operations, outside }: Reference, publicUrl: PublicUrl): StatusCodesDto {
  return {
    operations: operations.map((one) => ({ ...nameOf(one), answers: answersOf(one, publicUrl) })),
    outside: answersOf(outside, publicUrl),
  };
}

function nameOf(operation: Operation) {
  const { id, method, summary } = operation;
  return { id, method, path: documentedPath(operation), summary };
}

function answersOf(declaration: Declaration, publicUrl: PublicUrl): PossibleAnswerDto[] {
  const successes = successesOf(declaration).map(([status, { body }]) => ({
    status,
    ...(body && { schema: publicUrl.of(`/openapi.json${getSchemaPath(body)}`) }),
  }));
  const problems = problemsOf(declaration).map(({ type: { status, code } }) => {
    return { status, code, type: publicUrl.of(`/problems/${code}`) };
  });
  return [...successes, ...problems];
}
