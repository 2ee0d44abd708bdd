import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { FORM } from '../../../src/http/body/form.js';
import type { CallOptions } from '../caller.js';
import { DOCUMENTED_OPERATIONS, type DocumentedOperation, type Field } from './openapi-document.js';
import { edgesOf, exampleText, textsOf } from './schema-texts.js';

/** A request to an operation of the document, part by part. */
export interface GeneratedRequest {
  operation: DocumentedOperation;
  path: Record<string, string>;
  query: [name: string, value: string][];
  headers: Record<string, string>;
  contentType?: string;
  /** Body, before it is packed. */
  text?: string;
}

/** Ids of items that exist some of the time. */
export const POOL = ['1', 'a', 'b'];

/** Texts that are not JSON, or no body of any operation. */
const NO_JSON = [
  '',
  ' ',
  '{',
  '{"name":',
  '\uFEFF{}',
  "{'name':'x'}",
  '{"name":"x",}',
  'nope',
  '{}{}',
  '[1',
  '"\t"',
  '01',
];
const OTHER_TYPES = ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'nonsense'];

/** A request in the form in which it is sent. */
export function sent({ operation, path, query, headers, contentType, text }: GeneratedRequest) {
  const target = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const pairs = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  if (operation.method === 'QUERY') {
    const fields = { 'content-type': contentType ?? FORM, ...headers };
    const body = packed(text ?? pairs.join('&'), headers['Content-Encoding']);
    return { method: operation.method, target, options: { headers: fields, body } };
  }
  const options: CallOptions = {
    headers: { ...(contentType !== undefined && { 'content-type': contentType }), ...headers },
  };
  return {
    method: operation.method,
    target: pairs.length > 0 ? `${target}?${pairs.join('&')}` : target,
    options: text === undefined ? options : { ...options, body: packed(text, headers['Content-Encoding']) },
  };
}

// Packed if a field says so, or the field would be wrong.
function packed(text: string, coding: string | undefined): string | Buffer {
  return /^(?:x-)?gzip$/i.test(coding?.replaceAll(/[\t ,]/g, '') ?? '') ? gzipSync(text) : text;
}

/** The request that the document's examples make, without optional parts. */
export function exampleRequest(operation: DocumentedOperation, contentType?: string): GeneratedRequest {
  const content = operation.requestBody?.content ?? {};
  const type = contentType ?? Object.keys(content)[0];
  const path = fieldsOf(operation, 'path').map(({ name, example }) => [name, String(example)]);
  const media = type === undefined ? undefined : content[type];
  const text = media && (media.example === undefined ? exampleText(media.schema) : JSON.stringify(media.example));
  const body = media && { contentType: type, text };
  return { operation, path: Object.fromEntries(path) as Record<string, string>, query: [], headers: {}, ...body };
}

/** A request that differs from the example in one place. */
interface EdgeRequest {
  request: GeneratedRequest;
  /** What is tried. Operations that share a rule of the document have requests that try the same. */
  of: string;
}

/** Requests that differ from the example in one place, which is at an edge of a rule of the document. */
function edgeRequests(operation: DocumentedOperation): EdgeRequest[] {
  const example = exampleRequest(operation);
  const { parameters = [], requestBody, operationId } = operation;
  const own = (request: GeneratedRequest, n: number) => ({ request, of: `${operationId} ${n}` });
  return [
    ...[
      example,
      { ...example, query: [['extra', '1']] } satisfies GeneratedRequest,
      ...fieldsOf(operation, 'query').map((field): GeneratedRequest => ({
        ...example,
        query: [field, field].map(({ name }) => [name, '1']),
      })),
      ...(requestBody ? otherContents(operation) : [{ ...example, contentType: 'application/json', text: '{}' }]),
    ].map(own),
    ...parameters.flatMap((field) =>
      valueEdges(field).map((value) => ({
        request: withValue(example, field, value),
        of: `${field.in} ${field.name} = ${value}, required: ${field.required}, ${JSON.stringify(field.schema)}`,
      })),
    ),
    ...contentEdges(operation),
  ];
}

/**
 * Requests at each edge of the rules of all operations, by operation. What several try is tried by the first of them, and by one in `every` of
 * the others.
 */
export function requestsAtEdges(every: number): Map<string, GeneratedRequest[]> {
  const tried = new Set<string>();
  let others = 0;
  const isTried = ({ of }: EdgeRequest) => {
    const isNew = !tried.has(of);
    tried.add(of);
    return isNew || (others += 1) % every === 0;
  };
  return new Map(
    DOCUMENTED_OPERATIONS.map((operation) => [
      operation.operationId,
      edgeRequests(operation)
        .filter(isTried)
        .map(({ request }) => request),
    ]),
  );
}

/** Whether an operation asks the database. What others answer, no engine can influence. */
export function asksDatabase({ responses }: DocumentedOperation): boolean {
  return JSON.stringify(responses).includes('"storage-unavailable"');
}

function otherContents(operation: DocumentedOperation): GeneratedRequest[] {
  const example = exampleRequest(operation);
  return [
    { ...example, contentType: undefined, text: undefined },
    ...OTHER_TYPES.map((contentType) => ({ ...example, contentType })),
  ];
}

function contentEdges(operation: DocumentedOperation): EdgeRequest[] {
  const { content = {} } = operation.requestBody ?? {};
  const example = exampleRequest(operation);
  return Object.entries(content).flatMap(([contentType, { schema }]) =>
    [...edgesOf(schema), ...NO_JSON.map((text) => ({ text, of: `${text} as ${contentType}` }))].map(({ text, of }) => ({
      request: { ...example, contentType, text },
      of,
    })),
  );
}

/** Any request to an operation: most parts sound, a few not. */
export function requestsTo(operation: DocumentedOperation): fc.Arbitrary<GeneratedRequest> {
  const { requestBody } = operation;
  const path = fieldsOf(operation, 'path').map(valuesOf);
  const query = fieldsOf(operation, 'query').map((field) => often(1, 1, valuesOf(field)));
  const headers = fieldsOf(operation, 'header').map((field) => often(5, 1, valuesOf(field)));
  const extra = often(30, 1, fc.tuple(fc.string({ minLength: 1 }), fc.string()));
  return fc
    .tuple(fc.tuple(...path), fc.tuple(...query), fc.tuple(...headers), extra, contents(requestBody?.content))
    .map(([inPath, inQuery, inHeaders, more, content]) => ({
      operation,
      path: Object.fromEntries(inPath) as Record<string, string>,
      query: [...inQuery, more].filter((pair) => pair !== undefined),
      headers: Object.fromEntries(inHeaders.filter((pair) => pair !== undefined)) as Record<string, string>,
      ...content,
    }))
    .map((request) => ({ ...request, [fc.toStringMethod]: () => JSON.stringify(sent(request)) }));
}

function contents(content: Exclude<DocumentedOperation['requestBody'], undefined>['content'] | undefined) {
  const stray = fc.record({ contentType: fc.constant('application/json'), text: fc.constantFrom('', '{}') });
  if (!content) return often(15, 1, stray);
  const sound = Object.entries(content).map(([type, { schema }]) =>
    fc.record({ contentType: fc.constantFrom(type, type, type, `${type}; charset=utf-8`), text: textsOf(schema) }),
  );
  const odd = fc.record({
    contentType: fc.option(fc.constantFrom(...Object.keys(content), ...OTHER_TYPES), { nil: undefined }),
    text: fc.option(fc.oneof(fc.constantFrom(...NO_JSON), fc.string()), { nil: undefined }),
  });
  return fc.oneof({ weight: 12, arbitrary: fc.oneof(...sound) }, { weight: 1, arbitrary: odd });
}

function valuesOf(field: Field): fc.Arbitrary<[string, string]> {
  const values = fc.oneof(
    { weight: field.name === 'id' ? 12 : 0, arbitrary: fc.constantFrom(...POOL) },
    { weight: 6, arbitrary: textsOf(field.schema).map(rawOf) },
    { weight: 1, arbitrary: fc.constantFrom(...valueEdges(field)) },
  );
  return values.filter((value) => isSendable(field, value)).map((value) => [field.name, value]);
}

function valueEdges(field: Field): string[] {
  const schema = { example: field.example ?? '"3-9f86d081"', ...field.schema };
  const texts = edgesOf(schema).map(({ text }) => rawOf(text));
  return [...texts, '007', '+1', '1e1', '0x1'].filter((value) => isSendable(field, value));
}

function withValue(request: GeneratedRequest, { name, in: place }: Field, value: string): GeneratedRequest {
  if (place === 'path') return { ...request, path: { ...request.path, [name]: value } };
  return place === 'query' ? { ...request, query: [[name, value]] } : { ...request, headers: { [name]: value } };
}

// An empty segment is another path, and a lone surrogate is no URI; a field holds visible Latin-1 (RFC 9110 §5.5).
function isSendable({ in: place }: Field, value: string): boolean {
  if (place === 'header') return /^[\t -~\x80-\xff]*$/.test(value);
  return value.isWellFormed() && (place === 'query' || value !== '');
}

function rawOf(text: string): string {
  const value = JSON.parse(text) as unknown;
  return typeof value === 'string' ? value : text;
}

function often<T>(absent: number, present: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: absent, arbitrary: fc.constant(undefined) }, { weight: present, arbitrary });
}

function fieldsOf({ parameters = [] }: DocumentedOperation, place: Field['in']): Field[] {
  return parameters.filter((field) => field.in === place);
}
