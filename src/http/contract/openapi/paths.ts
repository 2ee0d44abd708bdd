import type { OperationObject, ParameterObject, PathsObject, ResponseObject } from '@nestjs/swagger';
import { exampleBody } from '../../problems/problem-body.js';
import type { ProblemConstructor } from '../../problems/problem.js';
import { takesKey } from '../../idempotency-key.js';
import type { PublicUrl } from '../../public-url.js';
import { rehearsalsOf } from '../../rehearsal/rehearse-field.js';
import { contentsOf, documentedPath, problemsOf, type Operation, type Success } from '../operation.js';
import { BEFORE_OPERATIONS, BEFORE_ROUTE } from '../outside.contract.js';
import { FIELDS_OF_OPERATIONS } from '../watch.js';
import { REFUSALS, type Refusal, type RefusalName } from '../refusals.js';
import { contentExamples, type Schema } from './examples.js';
import { HEADER_FIELDS, KEY_PATTERN, REQUEST_FIELDS } from './header-fields.js';
import { schemaOfProblems } from './problem-schemas.js';
import type { Schemas } from './schemas.js';

const PROBLEM = 'application/problem+json';

/** Settings of the running service that its document tells. */
export interface PublishedSettings {
  idempotencyTtlHours: number;
  rehearsal: boolean;
}

/** `paths` of the document: each operation with every answer that it declares. */
export function pathsOf(
  operations: Operation[],
  schemas: Schemas,
  publicUrl: PublicUrl,
  settings: PublishedSettings,
): PathsObject {
  const paths: PathsObject = {};
  for (const operation of operations) {
    const path = documentedPath(operation);
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: operationObject(operation, schemas, publicUrl, settings),
    };
  }
  return paths;
}

function operationObject(
  operation: Operation,
  schemas: Schemas,
  publicUrl: PublicUrl,
  settings: PublishedSettings,
): OperationObject {
  const { id, summary, tag, body, answers } = operation;
  const parameters = parametersOf(operation, schemas, settings);
  return {
    operationId: id,
    summary,
    description: descriptionOf(operation),
    tags: [tag],
    security: [],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: requestContent(operation, schemas) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          Array.isArray(answer)
            ? problemResponse(answer, publicUrl)
            : successResponse(answer, schemas, takesKey(operation)),
        ]),
      ),
      default: {
        description:
          `What the server says before it knows the operation: ${BEFORE_OPERATIONS.map(({ type }) => type.status).join(', ')}. ` +
          'Any other status that is not listed here comes from a proxy on the way. Read an unknown code as the x00 of its ' +
          'class (RFC 9110 §15).',
        content: { [PROBLEM]: { schema: schemaOfProblems(BEFORE_OPERATIONS) } },
      },
    },
  };
}

function descriptionOf(operation: Operation): string {
  const { summary, refusals = [], ignoresQuery } = operation;
  if (ignoresQuery) return `${summary}. A query is ignored.`;
  if (refusals.length === 0) return `${summary}.`;
  const given = problemsOf(operation).map(({ type }) => type.code);
  const lines = refusals.map((name) => refusalLine(name, given));
  return [`${summary}. Refused, though the schemas can not say it:\n`, ...lines].join('\n');
}

/** A line of Markdown about what the schemas don't say: what is refused, and by which of the codes that are given. */
export function refusalLine(name: RefusalName, given: string[]): string {
  const { says, codes }: Refusal = REFUSALS[name];
  const by = codes.filter((code) => given.includes(code)).map((code) => `\`${code}\``);
  return `- ${says} (${by.join(', ')})`;
}

function requestContent(operation: Operation, schemas: Schemas): NonNullable<ResponseObject['content']> {
  const entries = contentsOf(operation).map(([mediaType, content]) => {
    if (!('oneOf' in content)) return [mediaType, { schema: schemas.of(content) }];
    const { oneOf, maxItems } = content;
    return [mediaType, { schema: { type: 'array', maxItems, items: { oneOf: oneOf.map((Dto) => schemas.of(Dto)) } } }];
  });
  return Object.fromEntries(entries);
}

function parametersOf(operation: Operation, schemas: Schemas, settings: PublishedSettings): ParameterObject[] {
  const { params = {}, query, method, answers, followsPrefer } = operation;
  const inPath = Object.entries(params).map(([name, { pattern, expected, example }]) => ({
    name,
    in: 'path' as const,
    required: true,
    description: `Must be ${expected}.`,
    schema: { type: 'string', pattern: pattern.source },
    example,
  }));
  const inQuery = (query ? schemas.queryOf(query) : []).map(([name, schema, required]) => {
    const { description = name, ...rest } = schema as { description?: string };
    return { name, in: 'query' as const, required, description, schema: rest };
  });
  const fields = REQUEST_FIELDS.filter(
    ({ name, ofReadsAlone }) =>
      (name === 'Prefer' ? followsPrefer : answers[412]) && (!ofReadsAlone || method === 'GET'),
  );
  const inHeader = fields.map(({ name, description, example, pattern }) => ({
    name,
    in: 'header' as const,
    required: false,
    // Not as `example`: Swagger UI would send it along with every request that is tried.
    description: `${description}. Example: \`${example}\``,
    // A read ignores what is none.
    schema: { type: 'string', ...(pattern && method !== 'GET' && { pattern }) },
  }));
  const keys = takesKey(operation) ? [keyParameter(settings.idempotencyTtlHours)] : [];
  const rehearsals = settings.rehearsal ? [rehearsalParameter(operation)] : [];
  return [...inPath, ...inQuery, ...inHeader, ...keys, ...rehearsals];
}

function rehearsalParameter(operation: Operation): ParameterObject {
  return {
    name: 'Rehearse',
    in: 'header',
    required: false,
    description:
      'Asks for one of the answers below instead of the operation: nothing is carried out, and the answer has ' +
      '`Rehearsed: true`. A status alone asks for its first problem; any spelling of RFC 9651 is taken.',
    schema: { type: 'string', enum: rehearsalsOf(operation) },
  };
}

// draft-ietf-httpapi-idempotency-key-header-07 §2.3: how long a key is kept is to be published.
function keyParameter(ttlHours: number): ParameterObject {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Names this request, so that it can be sent again without being carried out again: 1 to 255 visible ASCII ' +
      'characters, bare or as a quoted string. What was done is remembered for ' +
      `${ttlHours} hours; a repeat gets the first answer, marked \`Idempotency-Replayed: true\`. A 4xx is not remembered. ` +
      'Example: `8e03978e-40d5-43dd-bc93-6894a57f9324`',
    schema: { type: 'string', pattern: KEY_PATTERN },
  };
}

function successResponse(success: Success, schemas: Schemas, isRepeatable: boolean): ResponseObject {
  const { description, body, mediaTypes = [], headers = [], optionalHeaders = [], example } = success;
  const examples = contentExamples(success, body && schemas.exampleOf(body));
  const contentOf = (type: string, schema: Schema) => [
    type,
    { schema, ...(type in examples && { example: examples[type] }) },
  ];
  const json = body ? [contentOf('application/json', schemas.of(body))] : [];
  const others = mediaTypes.map((type) => contentOf(type, { type: type.endsWith('json') ? 'object' : 'string' }));
  const ownFields = Object.entries(example?.headers ?? {}).map(([name, value]) => [
    name,
    { ...HEADER_FIELDS[name], example: value },
  ]);
  return {
    description,
    headers: {
      ...headerReferences(headers),
      ...optionalFields([...optionalHeaders, ...(isRepeatable ? ['Idempotency-Replayed'] : [])]),
      ...Object.fromEntries(ownFields),
    },
    ...((body || mediaTypes.length > 0) && { content: Object.fromEntries([...json, ...others]) }),
  };
}

function problemResponse(problems: ProblemConstructor[], publicUrl: PublicUrl): ResponseObject {
  const examples = problems.map((problem) => [
    problem.type.code,
    { summary: problem.type.title, value: exampleBody(problem, publicUrl) },
  ]);
  return {
    description: problems.map(({ type }) => `${type.title} (\`${type.code}\`)`).join(', '),
    headers: {
      ...headerReferences([]),
      ...(problems.some((problem) => BEFORE_ROUTE.includes(problem)) && optionalFields(['Vary'])),
      ...problemHeaders(problems),
    },
    content: { [PROBLEM]: { schema: schemaOfProblems(problems), examples: Object.fromEntries(examples) } },
  };
}

function headerReferences(names: string[]): ResponseObject['headers'] {
  const entries = [...FIELDS_OF_OPERATIONS, ...names, 'Rehearsed'].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]);
  return Object.fromEntries(entries);
}

function optionalFields(names: string[]): ResponseObject['headers'] {
  return Object.fromEntries(names.map((name) => [name, { ...HEADER_FIELDS[name], required: false }]));
}

/** The fields that problems of one status carry: required where all of them do. */
function problemHeaders(problems: ProblemConstructor[]): ResponseObject['headers'] {
  const names = [...new Set(problems.flatMap(({ requiredHeaders }) => requiredHeaders))];
  const endToEnd = names.filter((name) => name !== 'Connection');
  const entries = endToEnd.map((name) => {
    const isShared = problems.every(({ requiredHeaders }) => requiredHeaders.includes(name));
    return [name, isShared ? { $ref: `#/components/headers/${name}` } : { ...HEADER_FIELDS[name], required: false }];
  });
  return Object.fromEntries(entries);
}
