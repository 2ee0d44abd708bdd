import type { OpenAPIObject, ReferenceObject, ResponseObject, SchemaObject } from '@nestjs/swagger';
import type { ResponseFields } from '../fields.js';
import { documentedMethod, documentedPath, type Operation, type Success } from '../operation.js';

/** A schema, or a reference to one in the components of the document. */
export type Schema = SchemaObject | ReferenceObject;

/** Examples for media types that are not JSON. */
const TEXTS: Record<string, string> = {
  'text/html': '<!doctype html>\n<html lang="en"><head><title>Example</title></head><body></body></html>\n',
  'text/css': 'body { margin: 0 }\n',
  'text/event-stream': 'retry: 2000\n\nid: 42-9f86d081\nevent: delete\ndata: {"position":"42-9f86d081"}\n\n',
  'text/javascript': 'export {};\n',
  'text/plain; version=0.0.4': metricExample('items_undeclared_answers_total'),
  'application/openmetrics-text; version=1.0.0': `${metricExample('items_undeclared_answers')}# EOF\n`,
};

/**
 * An example for a schema, put together from the examples of its members; if it is one of several, of the first. Error: a required
 * member has none.
 */
export function exampleOf(schema: Schema, components: Record<string, Schema>): unknown {
  if ('$ref' in schema) return exampleOf(components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, components);
  if ('example' in schema) return schema.example;
  if (schema.anyOf?.[0]) return exampleOf(schema.anyOf[0], components);
  if (schema.items) return [exampleOf(schema.items, components)];
  if (!schema.properties) return undefined;
  const members = Object.entries(schema.properties).map(([name, member]) => [name, exampleOf(member, components)]);
  const missing = members.find(([name, example]) => example === undefined && schema.required?.includes(String(name)));
  if (missing) throw new Error(`${String(missing[0])} has no example`);
  return Object.fromEntries(members.filter(([, example]) => example !== undefined));
}

/** The examples of a success that do not come from schemas, by media type. `ofBody` is the example of its DTO. */
export function bodyExamples({ mediaTypes = [], example }: Success, ofBody?: unknown): Record<string, unknown> {
  const texts = mediaTypes.filter((type) => type in TEXTS).map((type) => [type, TEXTS[type]]);
  const { content } = example ?? {};
  return {
    ...(content && { 'application/json': { ...(ofBody as object), ...content } }),
    ...Object.fromEntries(texts),
  };
}

/** The examples of a success in the document, by media type: those given there, or made of its schemas. */
export function documentedBodies(
  document: OpenAPIObject,
  operation: Operation,
  status: number,
): Record<string, unknown> {
  const { paths, components } = document;
  const documented = paths[documentedPath(operation)]?.[documentedMethod(operation) as 'get'];
  const { content = {} } = (documented?.responses[status] ?? {}) as Partial<ResponseObject>;
  const examples = Object.entries(content).map(([type, { schema = {}, example }]) => [
    type,
    example ?? exampleOf(schema, components?.schemas ?? {}),
  ]);
  return Object.fromEntries(examples.filter(([, example]) => example !== undefined));
}

/** Examples of the header fields of a success: those that it always has, and the optional ones about its body. */
export function fieldExamples(
  { fields = [], optionalFields = [], example }: Success,
  described: ResponseFields,
): Record<string, string> {
  const names = [...fields, ...optionalFields.filter((name) => /^(?:Content|Referrer)-/.test(name))];
  return Object.fromEntries(names.map((name) => [name, example?.fields?.[name] ?? described[name]?.example]));
}

function metricExample(family: string): string {
  return `# HELP ${family} Answers that broke their declaration; must be 0.\n# TYPE ${family} counter\nitems_undeclared_answers_total 0\n`;
}
