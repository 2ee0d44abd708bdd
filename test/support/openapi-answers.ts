import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Exchange } from './http-lint.js';

/** The names that lead to a part of the document. */
type Place = string[];

interface Header {
  $ref?: string;
  required?: boolean;
}

interface DocumentedAnswer {
  headers?: Record<string, Header>;
  content?: Record<string, unknown>;
}

interface OpenApi {
  paths: Record<string, Record<string, { responses: Record<string, DocumentedAnswer> }>>;
  components: { headers: Record<string, Header> };
}

/** What is published; a test holds it against what the service serves. */
const DOCUMENT = JSON.parse(readFileSync('openapi.json', 'utf8')) as OpenApi;

// The document is its own authority: what it says besides JSON Schema is no fault.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(DOCUMENT, 'openapi.json');

/**
 * What the answer of an operation has against the OpenAPI document: a status or content that is not declared, a header
 * field that is missing, and what the schemas refuse.
 */
export function faultsAgainstDocument({ method, target, status, headers, content }: Exchange): string[] {
  const path = pathOf(target);
  const key = method === 'HEAD' ? 'get' : method.toLowerCase();
  const answer = DOCUMENT.paths[path]?.[key]?.responses[status];
  if (!answer) return [`${method} ${path} does not declare ${status}`];
  const place = ['paths', path, key, 'responses', String(status)];
  return [
    ...faultsOfFields(answer, headers, place),
    ...(method === 'HEAD' ? [] : faultsOfContent(answer, headers, content, place)),
  ];
}

// OpenAPI 3.1 §4.8.8.2: a path without parameters goes first.
function pathOf(target: string): string {
  const asked = target.split('?', 1)[0] ?? '';
  const paths = Object.keys(DOCUMENT.paths);
  const fits = (path: string) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(asked);
  return paths.find((path) => path === asked) ?? paths.find(fits) ?? asked;
}

function faultsOfFields(answer: DocumentedAnswer, headers: Exchange['headers'], place: Place): string[] {
  return Object.entries(answer.headers ?? {}).flatMap(([name, header]) => {
    const value = headers[name.toLowerCase()];
    const component = header.$ref?.split('/').at(-1);
    const { required } = component ? (DOCUMENT.components.headers[component] ?? {}) : header;
    if (value === undefined) return required ? [`${name} is missing`] : [];
    const at = component ? ['components', 'headers', component] : [...place, 'headers', name];
    return faultsOfValue(value, [...at, 'schema'], name);
  });
}

function faultsOfContent(
  { content: declared }: DocumentedAnswer,
  { 'content-type': field = '', 'preference-applied': preference }: Exchange['headers'],
  content: Buffer,
  place: Place,
): string[] {
  if (content.length === 0) return declared && preference !== 'return=minimal' ? ['content is missing'] : [];
  const type = field.split(';', 1)[0] ?? '';
  if (!declared || !(type in declared)) return [`content of type ${type} is not declared`];
  const text = content.toString('utf8');
  const value: unknown = type.endsWith('json') ? JSON.parse(text) : text;
  return faultsOfValue(value, [...place, 'content', type, 'schema'], 'the content');
}

function faultsOfValue(value: unknown, place: Place, name: string): string[] {
  const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const validate = ajv.getSchema(`openapi.json#/${pointer}`);
  if (!validate) return [`${name} has no schema`];
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message}`);
}
