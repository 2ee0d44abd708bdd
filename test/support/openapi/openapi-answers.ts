import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../http-lint/http-lint.js';
import {
  DOCUMENT,
  DOCUMENTED_OPERATIONS,
  resolved,
  SchemaJudge,
  typeNamedBy,
  type DocumentedAnswer,
  type DocumentedOperation,
  type Field,
  type Schema,
} from './openapi-document.js';

/** What Node's parser answers instead of any operation. `default` declares it. */
const BEFORE_OPERATIONS = [408, 505];

/** What the parser answers to a message that it can't read (docs/architecture.md, "The way of a request"). */
const STATUSES_OF_PARSER = [400, 408, 414, 431, 501, 505];

/**
 * Fields that no operation declares: those of the message and its framing, Content-Type, which `content` declares, and
 * those that the document describes once, for browsers and for rehearsals.
 */
const FIELDS_OF_HTTP = [
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-type',
  'rehearsed',
  'x-content-type-options',
  'access-control-allow-origin',
  'access-control-expose-headers',
];

const patterns = DOCUMENTED_OPERATIONS.map(
  (operation) => [new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`), operation] as const,
);

let judge: SchemaJudge | undefined;

/** The operation of the document that a request is for. HEAD counts as GET (RFC 9110 §9.3.2). */
function documentedOperation(method: string, target: string): DocumentedOperation | undefined {
  const path = target.split('?', 1)[0] ?? '';
  const asked = method === 'HEAD' ? 'GET' : method;
  return patterns.find(([pattern, operation]) => operation.method === asked && pattern.test(path))?.[1];
}

/**
 * How an answer departs from the published document: a status, media type, header field or member that its operation does
 * not declare, a missing header field, and what its schemas refuse. Empty if there is no operation.
 */
export function faultsAgainstDocument({ method, target, status, headers, content }: Exchange): string[] {
  const operation = documentedOperation(method, target);
  if (!operation) return [];
  const declared = operation.responses[status];
  const answer = declared ?? (BEFORE_OPERATIONS.includes(status) ? operation.responses.default : undefined);
  if (!answer) return [`${operation.operationId} does not declare ${status}`];
  judge ??= new SchemaJudge(closed);
  return [
    ...(declared ? faultsOfFields(declared, headers, judge) : []),
    ...(method === 'HEAD' || isOfParser(status, headers) ? [] : faultsOfAbsence(answer, headers, content)),
    ...faultsOfContent(answer, method === 'QUERY' ? undefined : target, headers['content-type'], content, judge),
  ];
}

function faultsOfFields(answer: DocumentedAnswer, headers: IncomingHttpHeaders, by: SchemaJudge): string[] {
  const { declared, names } = fieldsOf(answer);
  const faults = declared.flatMap(([name, field]) => {
    const value = headers[name.toLowerCase()];
    if (value === undefined) return field.required ? [`${name} is missing`] : [];
    return by.faults(field.schema, valueOf(field, String(value))).map((fault) => `${name}: ${String(value)}${fault}`);
  });
  const stray = Object.keys(headers).filter((name) => !names.has(name));
  return [...faults, ...stray.map((name) => `${name} is not declared`)];
}

interface Fields {
  declared: [name: string, field: Field][];
  /** All that it may have, in lower case. */
  names: Set<string>;
}

const fieldsOfAnswers = new WeakMap<DocumentedAnswer, Fields>();

function fieldsOf(answer: DocumentedAnswer): Fields {
  let fields = fieldsOfAnswers.get(answer);
  if (!fields) {
    const declared = Object.entries(answer.headers ?? {}).map(([name, field]): [string, Field] => [
      name,
      resolved(field),
    ]);
    fields = { declared, names: new Set([...FIELDS_OF_HTTP, ...declared.map(([name]) => name.toLowerCase())]) };
    fieldsOfAnswers.set(answer, fields);
  }
  return fields;
}

// If the parser does not know the method, it sends no body, since it may be HEAD. It knows no resource, so Vary names no Accept.
function isOfParser(status: number, { connection, vary }: IncomingHttpHeaders): boolean {
  return STATUSES_OF_PARSER.includes(status) && connection === 'close' && !/Accept/.test(vary ?? '');
}

// A declared body must be there, except with the preference that the answer names.
function faultsOfAbsence(answer: DocumentedAnswer, headers: IncomingHttpHeaders, content: Buffer): string[] {
  if (!answer.content || content.length > 0) return [];
  const under = answer['x-no-content-under'];
  return under !== undefined && headers['preference-applied'] === under ? [] : ['the declared body is missing'];
}

function valueOf({ schema }: Field, text: string): unknown {
  return schema.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
}

function faultsOfContent(
  answer: DocumentedAnswer,
  target: string | undefined,
  field: string | undefined,
  content: Buffer,
  by: SchemaJudge,
): string[] {
  if (field === undefined) return content.length > 0 ? ['a body without Content-Type'] : [];
  // A declared type may have parameters. That of the charset is not declared.
  const type = field.replace(/; charset=utf-8$/, '');
  const declared = answer.content?.[type];
  if (!declared) return [`a body of type ${type} is not declared`];
  if (content.length === 0) return [];
  const schema = schemaFor(target, answer, declared.schema);
  if (sound.get(schema)?.equals(content)) return [];
  const text = content.toString('utf8');
  const value: unknown = type.endsWith('json') ? JSON.parse(text) : text;
  const faults = by.faults(typeNamedBy(value, schema), value);
  const isKept = content.length >= MIN_KEPT_BYTES && content.length <= MAX_KEPT_BYTES;
  if (faults.length === 0 && isKept) sound.set(schema, content);
  return faults;
}

/** The last content of a schema that had no fault: reading such a page again takes longer than comparing it. */
const [MIN_KEPT_BYTES, MAX_KEPT_BYTES] = [4_096, 1_048_576];
const sound = new WeakMap<Schema, Buffer>();

// The schema of the answer to this request, if it depends on the query in its target.
function schemaFor(target: string | undefined, answer: DocumentedAnswer, schema: Schema): Schema {
  const parameter = answer['x-partial-under'];
  const [whole, part] = schema.anyOf ?? [];
  if (target === undefined || parameter === undefined || !whole || !part) return schema;
  const query = new URLSearchParams(target.split('?')[1]);
  return query.has(parameter) ? part : whole;
}

/** Closes a schema that names members against others: the service sends no others. */
function closed(schema: Schema): Schema {
  // The common schema of problems stays open for the members that each type adds and declares.
  if (schema === DOCUMENT.components.schemas.Problem) return schema;
  const { properties, items, oneOf, allOf, additionalProperties } = schema;
  const isOpen = additionalProperties !== undefined || (!properties && !allOf);
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, closed(one)])),
    }),
    ...(items && { items: closed(items) }),
    ...(oneOf && { oneOf: oneOf.map(closed) }),
    ...(!isOpen && { unevaluatedProperties: false }),
  };
}
