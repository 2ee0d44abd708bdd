import type { INestApplication, Type } from '@nestjs/common';
import {
  ApiSchema,
  DocumentBuilder,
  SwaggerModule,
  getSchemaPath,
  type ReferenceObject,
  type SchemaObject,
} from '@nestjs/swagger';
import { bodyDtosOf, successesOf, type Operation } from '../operation.js';
import { exampleOf, type Schema } from './examples.js';
import { ProblemDto } from './problem.dto.js';

/** Passed to @nestjs/swagger as the type of a member that can be anything. */
export const ANY = 'any' as 'string';

/** Names the schema of a DTO of a request, and closes it: it takes no other members. */
export function RequestSchema(name: string, others: object = { additionalProperties: false }): ClassDecorator {
  return ApiSchema({ name, ...others });
}

/** The schemas of the DTOs, as JSON Schema 2020-12 (OpenAPI 3.1 §4.8.24). */
export interface Schemas {
  components: Record<string, Schema>;
  /** A reference to the schema of a DTO. */
  of(Dto: Type<object>): ReferenceObject;
  /** An example of a DTO. Error: a required member has none. */
  exampleOf(Dto: Type<object>): unknown;
  /** The members of a DTO of a query. */
  queryOf(Dto: Type<object>): [name: string, schema: Schema, isRequired: boolean][];
}

/** The parts of an application that @nestjs/swagger needs to read schemas without routes. */
const NO_ROUTES = {
  container: { getModules: () => new Map() },
  getHttpAdapter: () => ({ getType: () => 'fastify' }),
} as unknown as INestApplication;

/** Has @nestjs/swagger read the decorators of every DTO that a declaration names. */
export function schemasOf(operations: Operation[]): Schemas {
  const contents = operations.flatMap((operation) => [
    ...bodyDtosOf(operation),
    ...successesOf(operation).flatMap(([, { body, partial }]) => [body, partial?.body]),
  ]);
  const queries = operations.map(({ query }) => query);
  // Bodies come first in the document.
  const bodies = operations.map(({ body }) => (typeof body === 'function' ? body : undefined));
  const extraModels = [...bodies, ProblemDto, ...contents, ...queries].filter((Dto) => Dto !== undefined);
  const { components } = SwaggerModule.createDocument(NO_ROUTES, new DocumentBuilder().build(), {
    extraModels,
    ignoreGlobalPrefix: true,
  });
  const all = asJsonSchema(components?.schemas ?? {}) as Record<string, Schema>;
  // Those of a QUERY are bodies as well.
  const bodyDtos = new Set(operations.flatMap(bodyDtosOf));
  const queryNames = queries.flatMap((Dto) => (Dto && !bodyDtos.has(Dto) ? [nameOf(Dto)] : []));
  return {
    components: Object.fromEntries(Object.entries(all).filter(([name]) => !queryNames.includes(name))),
    of: referenceTo,
    exampleOf: (Dto) => exampleOf(referenceTo(Dto), all),
    queryOf: (Dto) => {
      const { properties = {}, required = [] } = all[nameOf(Dto)] as SchemaObject;
      return Object.entries(properties).map(([name, schema]) => [name, schema, required.includes(name)]);
    },
  };
}

function referenceTo(Dto: Type<object>): ReferenceObject {
  return { $ref: getSchemaPath(Dto) };
}

// The name may be set by @ApiSchema.
function nameOf(Dto: Type<object>): string {
  return getSchemaPath(Dto).slice('#/components/schemas/'.length);
}

// @nestjs/swagger writes `nullable`, but in OpenAPI 3.1 null is one of the types. Also, it can't write a schema of any
// type, which has no `type`.
function asJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as SchemaObject;
  // It puts the reference to a schema into allOf, so that there can be members beside it.
  const { allOf, type: _, ...described } = rest;
  if (nullable && allOf) return asJsonSchema({ ...described, anyOf: [...allOf, { type: 'null' }] });
  const members = Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, asJsonSchema(member)]));
  if (rest.type === ANY) delete members.type;
  return nullable ? { ...members, type: [rest.type, 'null'] } : members;
}
