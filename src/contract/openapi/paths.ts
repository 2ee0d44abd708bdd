import type {
  OperationObject,
  ParameterObject,
  PathsObject,
  ReferenceObject,
  RequestBodyObject,
} from '@nestjs/swagger';
import type { Contract } from '../contract.js';
import type { PublishedSettings } from '../fields.js';
import { bodiesOf, documentedMethod, documentedPath, problemsOf, RATE_FIELDS, type Operation } from '../operation.js';
import type { Restriction } from '../restriction.js';
import { fieldsOf, parametersOfFields } from './request-fields.js';
import { defaultResponse, problemResponse, successResponse } from './responses.js';
import type { Schemas } from './schemas.js';

/** `paths` of the document: each operation with every answer that it declares. */
export function pathsOf(contract: Contract, schemas: Schemas, settings: PublishedSettings): PathsObject {
  const paths: PathsObject = {};
  for (const operation of contract.operations) {
    const path = documentedPath(operation);
    paths[path] = {
      ...paths[path],
      [documentedMethod(operation)]: operationObject(operation, contract, schemas, settings),
    };
  }
  return paths;
}

function operationObject(
  operation: Operation,
  contract: Contract,
  schemas: Schemas,
  settings: PublishedSettings,
): OperationObject {
  const { id, summary, tag, body, answers, rate } = operation;
  const { outside } = contract;
  const fields = fieldsOf(operation, contract);
  const ofRate = rate ? RATE_FIELDS : [];
  const fieldsAtTimes = [...fields.flatMap(({ answeredBy }) => answeredBy ?? []), ...ofRate];
  const parameters = [...parametersOf(operation, schemas), ...parametersOfFields(operation, fields, settings)];
  return {
    operationId: id,
    summary,
    description: [descriptionOf(operation), ...noteOfQuery(operation, contract)].join('\n\n'),
    tags: [tag],
    security: securityOf(operation, contract),
    parameters,
    ...(body && { requestBody: { required: true, content: requestContent(operation, schemas) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          Array.isArray(answer)
            ? problemResponse(answer, outside, ofRate)
            : successResponse(answer, schemas, contract, fieldsAtTimes),
        ]),
      ),
      default: defaultResponse(outside),
    },
  };
}

// Either kind of credential will do. A scheme of type http takes scopes since OpenAPI 3.1.
function securityOf({ scope }: Operation, { securitySchemes }: Contract): Record<string, string[]>[] {
  return scope === undefined ? [] : Object.keys(securitySchemes).map((name) => ({ [name]: [scope] }));
}

// OpenAPI 3.1 can't name the method, so readers of the document would miss it.
function noteOfQuery({ method, path }: Operation, { operations }: Contract): string[] {
  const other = operations.find((one) => one.method === 'QUERY' && one.path === path);
  if (method !== 'GET' || other === undefined) return [];
  const types = bodiesOf(other).map(([type]) => `\`${type}\``);
  return [
    `The method \`QUERY\` (RFC 10008) takes the same parameters as content of the type ${types.join(', ')}, for those that are longer ` +
      'than a target may be. OpenAPI 3.1 has no place for it: `x-query` beside this operation describes it in the same form.',
  ];
}

function descriptionOf(operation: Operation): string {
  const { summary, scope, restrictions = [], isProbe } = operation;
  if (isProbe) return `${summary}. A query is ignored.`;
  const what = scope === undefined ? `${summary}.` : `${summary}. Scope: \`${scope}\`.`;
  if (restrictions.length === 0) return what;
  const given = problemsOf(operation).map(({ type }) => type.code);
  const lines = restrictions.map((restriction) => restrictionLine(restriction, given));
  return [`${what} Refused, although schemas can't express it:\n`, ...lines].join('\n');
}

/** A line of Markdown about a refusal: what is refused, and by which of the given codes. */
export function restrictionLine({ says, codes }: Restriction, given: string[]): string {
  const by = codes.filter((code) => given.includes(code)).map((code) => `\`${code}\``);
  return `- ${says} (${by.join(', ')})`;
}

function requestContent(operation: Operation, schemas: Schemas): RequestBodyObject['content'] {
  const entries = bodiesOf(operation).map(([mediaType, content]) => {
    const given = operation.examples?.[mediaType];
    if (!('oneOf' in content)) {
      return [mediaType, { schema: schemas.of(content), example: given ?? schemas.exampleOf(content) }];
    }
    const { oneOf, maxItems } = content;
    const schema = { type: 'array', maxItems, items: { oneOf: oneOf.map((Dto) => schemas.of(Dto)) } };
    return [mediaType, { schema, example: given }];
  });
  return Object.fromEntries(entries);
}

function parametersOf(
  { method, params = {}, query }: Operation,
  schemas: Schemas,
): (ParameterObject | ReferenceObject)[] {
  const inPath = Object.entries(params).map(([name, { pattern, expected, example }]) => ({
    name,
    in: 'path' as const,
    required: true,
    description: `Must be ${expected}.`,
    schema: { type: 'string', pattern: pattern.source },
    example,
  }));
  const inQuery = (query && method !== 'QUERY' ? schemas.queryOf(query) : []).map(([name, schema, required]) => {
    const { description = name, example, ...rest } = schema as { description?: string; example?: unknown };
    return {
      name,
      in: 'query' as const,
      required,
      description,
      schema: rest,
      ...(example !== undefined && { example }),
    };
  });
  return [...inPath, ...inQuery];
}
