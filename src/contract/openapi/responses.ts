import type { ResponseObject } from '@nestjs/swagger';
import type { ProblemConstructor } from '../../problems/problem.js';
import type { Contract, Outside } from '../contract.js';
import type { Success } from '../operation.js';
import { FIELDS_OF_OPERATIONS } from '../watch.js';
import { FILE } from './bounds.js';
import { bodyExamples, type Schema } from './examples.js';
import { fieldReference } from './response-fields.js';
import { schemaOfProblems } from './problem-schemas.js';
import type { Schemas } from './schemas.js';

const PROBLEM = 'application/problem+json';

/** The response `default`: what the server answers before it knows the operation. */
export function defaultResponse({ beforeOperations }: Outside): ResponseObject {
  return {
    description:
      `What the server answers before it knows the operation: ${beforeOperations.map(({ type }) => type.status).join(', ')}. ` +
      'Any other status that is not listed here comes from a proxy. Treat an unknown status as the x00 of its class ' +
      '(RFC 9110 §15).',
    content: { [PROBLEM]: { schema: schemaOfProblems(beforeOperations) } },
  };
}

/** A success. `fieldsAtTimes` are fields that it may carry and does not declare. */
export function successResponse(
  success: Success,
  schemas: Schemas,
  { responseFields }: Contract,
  fieldsAtTimes: string[],
): ResponseObject {
  const { body, partial, mediaTypes = [], fields = [], optionalFields = [], example, noContentUnder } = success;
  const examples = bodyExamples(success, body && schemas.exampleOf(body));
  const contentOf = (type: string, schema: Schema) => [
    type,
    { schema, ...(type in examples && { example: examples[type] }) },
  ];
  const bodies = [body, partial?.body].filter((Dto) => Dto !== undefined).map((Dto) => schemas.of(Dto));
  const json = bodies[0] ? [contentOf('application/json', bodies[1] ? { anyOf: bodies } : bodies[0])] : [];
  const others = mediaTypes.map((type) => contentOf(type, type.endsWith('json') ? { type: 'object' } : FILE));
  const ownFields = Object.entries(example?.fields ?? {}).map(([name, value]) => [
    name,
    { ...responseFields[name], example: value },
  ]);
  return {
    description: descriptionOf(success),
    // OpenAPI can't express that a body may be absent.
    ...(noContentUnder && { 'x-no-content-under': noContentUnder }),
    // Nor that the schema depends on the query.
    ...(partial && { 'x-partial-under': partial.parameter }),
    headers: {
      ...fieldReferences(fields),
      ...atTimes([...optionalFields, ...fieldsAtTimes]),
      ...Object.fromEntries(ownFields),
    },
    ...((body || mediaTypes.length > 0) && { content: Object.fromEntries([...json, ...others]) }),
  };
}

function descriptionOf({ description, noContentUnder }: Success): string {
  return noContentUnder
    ? `${description}; no content where \`Preference-Applied\` is \`${noContentUnder}\``
    : description;
}

/** The problems of one status, each with an example. `fieldsAtTimes` as above. */
export function problemResponse(
  problems: ProblemConstructor[],
  { beforeRoute }: Outside,
  fieldsAtTimes: string[],
): ResponseObject {
  const examples = problems.map(({ type }) => [type.code, { $ref: `#/components/examples/${type.code}` }]);
  return {
    description: problems.map(({ type }) => `${type.title} (\`${type.code}\`)`).join(', '),
    headers: {
      ...fieldReferences([]),
      ...(problems.some((problem) => beforeRoute.includes(problem)) && atTimes(['Vary'])),
      ...atTimes(fieldsAtTimes),
      ...problemFields(problems),
    },
    content: { [PROBLEM]: { schema: schemaOfProblems(problems), examples: Object.fromEntries(examples) } },
  };
}

function fieldReferences(names: string[]): ResponseObject['headers'] {
  const entries = [...FIELDS_OF_OPERATIONS, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]);
  return Object.fromEntries(entries);
}

function atTimes(names: string[]): ResponseObject['headers'] {
  return Object.fromEntries(names.map((name) => [name, fieldReference(name, false)]));
}

/** The fields that problems of one status carry: required if all of them do. */
function problemFields(problems: ProblemConstructor[]): ResponseObject['headers'] {
  const names = [...new Set(problems.flatMap(({ requiredFields }) => requiredFields))];
  const endToEnd = names.filter((name) => name !== 'Connection');
  const entries = endToEnd.map((name) => {
    const isShared = problems.every(({ requiredFields }) => requiredFields.includes(name));
    return [name, fieldReference(name, isShared)];
  });
  return Object.fromEntries(entries);
}
