import type { ExampleObject, ReferenceObject, SchemaObject } from '@nestjs/swagger';
import { exampleBody } from '../../problems/problem-body.js';
import type { ProblemConstructor, ProblemMember } from '../../problems/problem.js';
import { PublicUrl } from '../../config/public-url.js';
import type { Contract } from '../contract.js';
import { problemsOf, type Operation } from '../operation.js';
import { INTEGER_MAX } from './bounds.js';

type Schema = SchemaObject | ReferenceObject;

/** A schema for each problem type: the common form, its code and status, and its own members. */
export function problemSchemas({ operations, outside }: Contract, base: ReferenceObject): Record<string, Schema> {
  const problems = new Set([...operations.flatMap(problemsOf), ...outside.beforeOperations]);
  return Object.fromEntries([...problems].map((problem) => [nameOf(problem), schemaOf(problem, base)]));
}

/** An example of each problem type of the operations, by code. Links are those of a service without PUBLIC_URL. */
export function problemExamples(operations: Operation[]): Record<string, ExampleObject> {
  const publicUrl = new PublicUrl(undefined);
  const problems = new Set(operations.flatMap(problemsOf));
  const entries = [...problems].map((problem) => [
    problem.type.code,
    { summary: problem.type.title, value: exampleBody(problem, publicUrl) },
  ]);
  return Object.fromEntries(entries) as Record<string, ExampleObject>;
}

/** The schema of an answer that is one of some problems. `code` tells them apart. */
export function schemaOfProblems(problems: ProblemConstructor[]): Schema {
  const references = problems.map((problem) => ({ $ref: `#/components/schemas/${nameOf(problem)}` }));
  if (references.length === 1 && references[0]) return references[0];
  const mapping = problems.map((problem, index) => [problem.type.code, references[index]?.$ref]);
  return { oneOf: references, discriminator: { propertyName: 'code', mapping: Object.fromEntries(mapping) } };
}

function schemaOf({ type }: ProblemConstructor, base: ReferenceObject): Schema {
  const { code, status, meaning, members = {} } = type;
  const own = {
    // An enum of one value, since not all generators know const.
    code: { type: 'string', enum: [code] },
    status: { type: 'integer', enum: [status] },
    ...Object.fromEntries(Object.entries(members).map(([name, member]) => [name, asSchema(member)])),
  };
  const always = Object.keys(members).filter((name) => !members[name]?.isOptional);
  return {
    description: meaning,
    allOf: [base, { type: 'object', properties: own, required: ['code', 'status', ...always] }],
  };
}

function asSchema(member: ProblemMember): SchemaObject {
  const schema = { ...member };
  delete schema.isOptional;
  return schema.type === 'integer' ? { ...schema, minimum: 0, maximum: INTEGER_MAX } : schema;
}

// `item-not-found` -> `ItemNotFoundProblem`.
function nameOf({ type }: ProblemConstructor): string {
  return `${type.code.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Problem`;
}
