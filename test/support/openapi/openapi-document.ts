import { readFileSync } from 'node:fs';
import { FORM } from '../../../src/http/body/form.js';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A JSON Schema (2020-12) of the document. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  example?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: Schema;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  unevaluatedProperties?: boolean;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
}

/** A parameter of a request, or a header field of an answer. */
export interface Field {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
  example?: unknown;
}

type Content = Record<string, { schema: Schema; example?: unknown }>;

/** One answer that an operation may give. */
export interface DocumentedAnswer {
  /** The preference with which it has no body although it declares one. */
  'x-no-content-under'?: string;
  /** The query parameter under which the second of two schemas counts, and not the first. */
  'x-partial-under'?: string;
  headers?: Record<string, Field>;
  content?: Content;
}

/** One operation of the document, with its method and path. */
export interface DocumentedOperation {
  operationId: string;
  method: string;
  path: string;
  description: string;
  parameters?: Field[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, DocumentedAnswer>;
}

interface OpenApi {
  paths: Record<string, Record<string, Omit<DocumentedOperation, 'method' | 'path'>>>;
  components: { schemas: Record<string, Schema>; headers: Record<string, Field> };
}

/** The published openapi.json. A test compares it with what the service serves. */
export const DOCUMENT = JSON.parse(readFileSync('openapi.json', 'utf8')) as OpenApi;

/** Every operation of the document. */
export const DOCUMENTED_OPERATIONS: DocumentedOperation[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...operation,
    parameters: operation.parameters?.map(resolved),
    method: method.replace('x-', '').toUpperCase(),
    path,
    ...(method === 'x-query' && queryIn(operation)),
  })),
);

/** An operation of QUERY with the members of its form as parameters. What makes a request carries them in the body. */
function queryIn({ parameters = [], requestBody }: Omit<DocumentedOperation, 'method' | 'path'>) {
  const { properties = {} } = resolved(requestBody!.content[FORM]!.schema);
  const inQuery = Object.entries(properties).map(([name, schema]): Field => ({ name, in: 'query', schema }));
  return { parameters: [...parameters.map(resolved), ...inQuery], requestBody: undefined };
}

/** The target of a reference in the document, or the value itself if it is not a reference. */
export function resolved<T extends { $ref?: string }>(found: T): T {
  if (found.$ref === undefined) return found;
  const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(.+)$/.exec(found.$ref) ?? [];
  return (DOCUMENT.components as unknown as Record<string, Record<string, T>>)[kind]?.[name] as T;
}

/**
 * The one of a problem's types that its code names, which can fit no other, or the schema itself. Each type names its code:
 * the tests of openapi-answers.ts look for that.
 */
export function typeNamedBy(value: unknown, schema: Schema): Schema {
  const { propertyName = '', mapping = {} } = schema.discriminator ?? {};
  const name = (value as Record<string, unknown> | null)?.[propertyName];
  const isKnown = typeof name === 'string' && Object.hasOwn(mapping, name);
  return isKnown ? resolved({ $ref: mapping[name] }) : schema;
}

/** Validates values against schemas of the document. `adapt` may change the schemas first. */
export class SchemaJudge {
  // Not strict: `example` and `discriminator` are not JSON Schema. The linters of the document check the schemas; checking them
  // against their meta-schema here would cost each test file 100 ms.
  private readonly ajv = new Ajv2020({
    strict: false,
    // 1e400 is read as Infinity, which is not a JSON number.
    strictNumbers: true,
    validateSchema: false,
    meta: false,
    ownProperties: true,
    allErrors: true,
    // Compiling takes far longer than judging some values. Only what is judged is compiled, once for all that is written alike.
    code: { optimize: false },
    inlineRefs: false,
  });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly validators = new WeakMap<Schema, ValidateFunction>();

  constructor(private readonly adapt: (schema: Schema) => Schema = (schema) => schema) {
    addFormats.default(this.ajv, ['date-time']);
    const schemas = Object.entries(DOCUMENT.components.schemas).map(([name, schema]) => [name, adapt(schema)]);
    this.ajv.addSchema({ $id: 'openapi.json', components: { schemas: Object.fromEntries(schemas) as object } });
  }

  /** How a value departs from a schema of the document, with pointers into the value. */
  faults(schema: Schema, value: unknown): string[] {
    const validate = this.validatorOf(schema);
    return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }

  private validatorOf(schema: Schema): ValidateFunction {
    const known = this.validators.get(schema);
    if (known) return known;
    const text = based(this.adapt(schema));
    const validate = this.compiled.get(text) ?? this.ajv.compile(JSON.parse(text) as object);
    this.compiled.set(text, validate);
    this.validators.set(schema, validate);
    return validate;
  }
}

// References of the document are relative to it.
function based(schema: Schema): string {
  return JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi.json#/');
}
